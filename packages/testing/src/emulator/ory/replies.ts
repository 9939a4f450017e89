import { goJson } from "../go.ts"
import type { Reply } from "../http-server.ts"
import type { Refusal } from "./errors.ts"

const noCache = "private, no-cache, no-store, must-revalidate"

const bodyOf = (refusal: Refusal) => goJson({ error: refusal.error, error_description: refusal.description })

/** The answer of the token, revocation and introspection endpoints to a refused request. */
export const oauthError = (refusal: Refusal): Reply => ({
  status: refusal.status,
  headers: oauthHeaders,
  body: bodyOf(refusal),
})

/** The answer of every other JSON endpoint to a refused request. */
export const adminError = (refusal: Refusal, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status: refusal.status,
  headers: { "content-type": "application/json", "cache-control": noCache, ...headers },
  body: `${bodyOf(refusal)}\n`,
})

/** A JSON answer of the admin API. */
export const adminJson = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", "cache-control": noCache, ...headers },
  body: `${goJson(value)}\n`,
})

/** The empty success of deletions. */
export const noContent: Reply = { status: 204, headers: { "cache-control": noCache } }

/** A redirect of the browser, as Go's `http.Redirect` writes it. */
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

/** A JSON answer of the token endpoint. */
export const oauthJson = (value: unknown): Reply => ({ status: 200, headers: oauthHeaders, body: goJson(value) })

/** The redirect that ends an authorization at the client. */
export const toClient = (location: string): Reply => ({
  status: 303,
  headers: { "cache-control": "no-store", pragma: "no-cache", location },
})
