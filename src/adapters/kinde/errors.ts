/** What Kinde answers when it refuses: four shapes, and codes of its own. */
import type { TransportResponse } from "../../ports/transport.ts"
import { type Json, jsonObject } from "../oidc/http/json-response.ts"
import type { ErrorRow } from "../oidc/server.ts"

/**
 * Finds the codes in `{errors: [{code}]}` and `{errors: {code}}`, and names the plain text that stands for an unknown
 * client. Codes that end in `_NOT_FOUND` count as `NOT_FOUND` too, but for an unknown route.
 */
export const errorCodes = (answer: TransportResponse): ReadonlyArray<string> => {
  const text = answer.body.trim()
  if (text === "not_found") return ["unknown client"]
  if (text === "") return ["no body"]
  return entries(answer).flatMap(({ code }) => {
    if (typeof code !== "string") return []
    const missing = code.endsWith("_NOT_FOUND") && code !== "ROUTE_NOT_FOUND"
    return missing ? ["NOT_FOUND", code] : [code]
  })
}

/** The codes with their messages, of which the last is the most telling. */
export const errorText = (answer: TransportResponse): string | undefined =>
  entries(answer)
    .map(({ code, message }) => [code, message].filter((text) => typeof text === "string").join(": "))
    .join("; ") || undefined

const entries = (answer: TransportResponse): ReadonlyArray<Json> => {
  const errors = jsonObject(answer)?.errors
  return (Array.isArray(errors) ? errors : [errors]).filter(
    (entry: unknown): entry is Json => typeof entry === "object" && entry !== null,
  )
}

/** The table, most telling first. */
export const errors: ReadonlyArray<ErrorRow> = [
  // The bot filter answers 202 with nothing in it.
  { status: 202, reason: "Unavailable" },
  { code: "unknown client", reason: "InvalidClient" },
  // By one page of the documentation; a page of HTML would mean that the host is wrong.
  {
    status: 404,
    code: "no body",
    operations: ["exchange", "refresh", "clientCredentials", "deviceAuthorization", "pollDevice"],
    reason: "InvalidClient",
  },
  // The code decides: which status it comes with is not documented, or not what the standard says.
  { code: "invalid_request", reason: "InvalidRequest" },
  { code: "invalid_scope", reason: "InvalidRequest" },
  { code: "unauthorized_client", reason: "InvalidRequest" },
  { code: "unsupported_grant_type", reason: "InvalidRequest" },
  { code: "SCOPE_MISSING", reason: "AccessDenied" },
  // The caller's token is the credential there, whatever Kinde calls it.
  { status: 401, operations: ["userInfo"], reason: "InvalidToken" },
  { status: 403, operations: ["userInfo"], reason: "InvalidToken" },
  { status: 400, operations: ["connectedApps.token"], reason: "InvalidGrant" },
  { code: "INVALID_CREDENTIALS", reason: "InvalidClient" },
  { code: "INVALID_AUTHORIZATION_HEADER", reason: "InvalidClient" },
  { code: "TOKEN_INVALID", reason: "InvalidClient" },
  // To revoke, only a token that is missing is no failure.
  { code: "TOKEN_NOT_FOUND", operations: ["revoke"], reason: "NotFound" },
  { code: "NOT_FOUND", operations: ["revoke"], reason: "InvalidRequest" },
  { code: "NOT_FOUND", reason: "NotFound" },
  // A credential that is refused, on some paths without a word; a scope that is missing is named.
  {
    status: 403,
    code: "no body",
    reason: "InvalidClient",
    detail: "refused without a word: the credential, or a scope that it lacks",
  },
  { status: 403, operations: ["introspect", "revoke"], reason: "InvalidClient" },
]
