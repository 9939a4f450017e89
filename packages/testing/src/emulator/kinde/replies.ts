import { goJson } from "../go.ts"
import { type Page, pageHeaders, pageHtml } from "../html.ts"
import type { Reply } from "../http-server.ts"
import type { ErrorResponse } from "../ory/errors.ts"
import type { ManagementError } from "./errors.ts"
import type { Kinde } from "./state.ts"

const jsonHeaders = { "content-type": "application/json; charset=utf-8" }
const tokenHeaders = { ...jsonHeaders, "cache-control": "no-store", pragma: "no-cache" }

/** Makes a JSON response. */
export const jsonReply = (status: number, value: unknown): Reply => ({
  status,
  headers: jsonHeaders,
  body: goJson(value),
})

/** Makes a user profile, whose documented media type has no parameter: Kinde's own SDKs reject it with a charset. */
export const profileReply = (value: unknown): Reply => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: goJson(value),
})

/** Makes a response with tokens or with the state of a token, which must not be cached. */
export const tokenReply = (value: unknown): Reply => ({ status: 200, headers: tokenHeaders, body: goJson(value) })

/** Makes the response for an OAuth error (RFC 6749, 5.2). */
export const oauthErrorReply = ({ status, error, description }: ErrorResponse): Reply => ({
  status,
  headers: tokenHeaders,
  body: goJson({ error, error_description: description }),
})

/** Makes the response for an error of the Management API. */
export const managementErrorReply = ({ status, errors }: ManagementError): Reply => jsonReply(status, { errors })

/** Makes the response for an unknown route, whose `errors` is an object. */
export const routeNotFound = (): Reply =>
  jsonReply(404, {
    errors: { code: "ROUTE_NOT_FOUND", message: "The requested API route does not exist" },
  })

/** Makes a successful response of the Management API. */
export const success = (payload: Readonly<Record<string, unknown>> = {}, status = 200): Reply =>
  jsonReply(status, { message: "Success", code: "OK", ...payload })

/** Makes a successful response whose body is not documented. */
export const undocumented = (kinde: Kinde): Reply =>
  kinde.quirks.undocumentedBody === "empty" ? { status: 200 } : success()

/** Makes the response for an unknown client at the token endpoint. */
export const unknownClientReply = (kinde: Kinde): Reply =>
  kinde.quirks.unknownClientStatus === 404
    ? { status: 404 }
    : { status: 400, headers: { "content-type": "text/plain; charset=utf-8" }, body: "not_found\n" }

/** Makes an HTML page with a text. */
export const page = (status: number, title: string, text = title): Reply => ({
  status,
  headers: pageHeaders,
  body: pageHtml({ title, text }),
})

/** Makes an HTML page with a form. */
export const formPage = (content: Page): Reply => ({ status: 200, headers: pageHeaders, body: pageHtml(content) })

/** The field of the user's decision; a form without it means "allow". */
const decision = "decision"

/** The buttons with which a user allows or denies a request. */
export const decisionButtons = (allow: string, deny: string) =>
  [
    { label: allow, field: [decision, "allow"] },
    { label: deny, field: [decision, "deny"] },
  ] as const

/** Returns whether the user denied the request of a form. */
export const isDenied = (form: URLSearchParams): boolean => form.get(decision) === "deny"

/** Makes a redirect. */
export const redirectTo = (location: string, cookies: ReadonlyArray<string> = []): Reply => ({
  status: 302,
  headers: { location, "cache-control": "no-store", ...(cookies.length > 0 ? { "set-cookie": cookies } : {}) },
})
