/** Kinde's error responses: four shapes, with Kinde's own codes. */
import type { TransportResponse } from "../../ports/transport.ts"
import { type Json, jsonObject } from "../oidc/http/json-response.ts"
import type { ErrorRow } from "../oidc/server.ts"

/**
 * Finds the codes in `{errors: [{code}]}` and `{errors: {code}}`. Adds a code for an unknown client or an empty body.
 *
 * A code that ends in `_NOT_FOUND` also counts as `NOT_FOUND`, except for an unknown route.
 */
export const errorCodes = (response: TransportResponse): ReadonlyArray<string> => {
  const body = response.body.trim()
  if (body === "not_found") return ["unknown client"]
  if (body === "") return ["no body"]
  return entries(response).flatMap(({ code }) => {
    if (typeof code !== "string") return []
    const isMissing = code.endsWith("_NOT_FOUND") && code !== "ROUTE_NOT_FOUND"
    return isMissing ? ["NOT_FOUND", code] : [code]
  })
}

/** Returns the codes with their messages. The last one is the most specific. */
export const errorText = (response: TransportResponse): string | undefined =>
  entries(response)
    .map(({ code, message }) => [code, message].filter((text) => typeof text === "string").join(": "))
    .join("; ") || undefined

const entries = (response: TransportResponse): ReadonlyArray<Json> => {
  const errors = jsonObject(response)?.errors
  return (Array.isArray(errors) ? errors : [errors]).filter(
    (entry: unknown): entry is Json => typeof entry === "object" && entry !== null,
  )
}

/** The error table, the most specific rows first. */
export const errors: ReadonlyArray<ErrorRow> = [
  // The bot filter responds with 202 and an empty body.
  { status: 202, reason: "Unavailable" },
  { code: "unknown client", reason: "InvalidClient" },
  // One page of the documentation describes this for an unknown client. An HTML page means that the host is wrong.
  {
    status: 404,
    code: "no body",
    operations: ["exchange", "refresh", "clientCredentials", "deviceAuthorization", "pollDevice"],
    reason: "InvalidClient",
  },
  // The code decides: the status is not documented, or differs from the standard.
  { code: "invalid_request", reason: "InvalidRequest" },
  { code: "invalid_scope", reason: "InvalidRequest" },
  { code: "unauthorized_client", reason: "InvalidRequest" },
  { code: "unsupported_grant_type", reason: "InvalidRequest" },
  { code: "SCOPE_MISSING", reason: "AccessDenied" },
  // The credential of this request is the caller's token, whichever code Kinde sends.
  { status: 401, operations: ["userInfo"], reason: "InvalidToken" },
  { status: 403, operations: ["userInfo"], reason: "InvalidToken" },
  { status: 400, operations: ["connectedApps.token"], reason: "InvalidGrant" },
  { code: "INVALID_CREDENTIALS", reason: "InvalidClient" },
  { code: "INVALID_AUTHORIZATION_HEADER", reason: "InvalidClient" },
  { code: "TOKEN_INVALID", reason: "InvalidClient" },
  // Only an unknown token counts as revoked.
  { code: "TOKEN_NOT_FOUND", operations: ["revoke"], reason: "Done" },
  { code: "NOT_FOUND", operations: ["revoke"], reason: "InvalidRequest" },
  { code: "NOT_FOUND", reason: "NotFound" },
  // Some paths reject a credential with an empty body. A missing scope has a code.
  {
    status: 403,
    code: "no body",
    reason: "InvalidClient",
    detail: "rejected with an empty body: check the credential and its scopes",
  },
  { status: 403, operations: ["introspect", "revoke"], reason: "InvalidClient" },
]
