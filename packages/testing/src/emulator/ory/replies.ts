import { goJson } from "../go.ts"
import type { Reply } from "../http-server.ts"
import type { ErrorResponse } from "./errors.ts"

const noCache = "private, no-cache, no-store, must-revalidate"

const bodyOf = (error: ErrorResponse) => goJson({ error: error.error, error_description: error.description })

/** The error response of the token, revocation and introspection endpoints. */
export const oauthErrorReply = (error: ErrorResponse): Reply => ({
  status: error.status,
  headers: oauthHeaders,
  body: bodyOf(error),
})

/** The error response of every other JSON endpoint. */
export const adminErrorReply = (error: ErrorResponse, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status: error.status,
  headers: { "content-type": "application/json", "cache-control": noCache, ...headers },
  body: `${bodyOf(error)}\n`,
})

/** A JSON response of the admin API. */
export const adminJson = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", "cache-control": noCache, ...headers },
  body: `${goJson(value)}\n`,
})

/** The empty response to a successful deletion. */
export const noContent: Reply = { status: 204, headers: { "cache-control": noCache } }

/** A redirect like that of Go's `http.Redirect`. */
export const redirect = (location: string, cookies: ReadonlyArray<string> = []): Reply => ({
  status: 302,
  headers: {
    "content-type": "text/html; charset=utf-8",
    "cache-control": noCache,
    location,
    ...(cookies.length > 0 ? { "set-cookie": cookies } : {}),
  },
  body: `<a href="${location.replaceAll("&", "&amp;").replaceAll('"', "&#34;")}">Found</a>.\n\n`,
})

const oauthHeaders = {
  "content-type": "application/json;charset=UTF-8",
  "cache-control": "no-store",
  pragma: "no-cache",
}

/** A JSON response of the token endpoint. */
export const oauthJson = (value: unknown): Reply => ({ status: 200, headers: oauthHeaders, body: goJson(value) })

/** The redirect to the client at the end of an authorization. */
export const redirectToClient = (location: string): Reply => ({
  status: 303,
  headers: { "cache-control": "no-store", pragma: "no-cache", location },
})
