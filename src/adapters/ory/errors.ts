/** The error responses of Ory that differ from the standard. */
import type { TransportResponse } from "../../ports/transport.ts"
import { type Json, jsonObject } from "../oidc/http/json-response.ts"
import type { ErrorRow } from "../oidc/server.ts"
import { challengeOperations } from "./consent.ts"

/** Returns the message and the reason of a service around Hydra. They are in `error` or at the top level. */
export const errorText = (response: TransportResponse): string | undefined => {
  const body = jsonObject(response)
  const { message, reason } = ((typeof body?.error === "object" ? body.error : body) as Json | null) ?? {}
  return [message, reason].filter((text) => typeof text === "string" && text !== "").join(": ") || undefined
}

export const errors: ReadonlyArray<ErrorRow> = [
  // The database rolled back one of two concurrent requests: the same request may succeed now. The status is 400.
  { contains: "concurrent update in another session", reason: "Unavailable" },
  { contains: "multiple concurrent requests using the same token", reason: "Unavailable" },
  { status: 404, contains: "Dynamic registration is not enabled", reason: "UnsupportedOperation" },
  // A malformed id counts as unknown. Newer releases respond with 400.
  { status: 400, contains: "parse parameter id", operations: ["trust.get", "trust.remove"], reason: "NotFound" },
  { code: "jti_known", operations: ["jwtBearer"], reason: "InvalidGrant" },
  { code: "jti_known", reason: "InvalidClient" },
  { code: "scope_not_granted", reason: "AccessDenied" },
  { code: "request_unauthorized", operations: ["userInfo"], reason: "InvalidToken" },
  { code: "token_inactive", reason: "InvalidToken" },
  // An unknown or expired challenge. A rejected API key has another shape.
  {
    status: 401,
    code: "request_unauthorized",
    operations: challengeOperations,
    reason: "NotFound",
  },
]

/** For a client with `private_key_jwt`: the server responds with 500 if its clock and the client's differ too much. */
export const assertionErrors: ReadonlyArray<ErrorRow> = [
  {
    status: 500,
    code: "error",
    operations: [
      "exchange",
      "refresh",
      "clientCredentials",
      "pollDevice",
      "jwtBearer",
      "revoke",
      "deviceAuthorization",
    ],
    reason: "InvalidClient",
    detail: "the client assertion was rejected, probably as expired or not yet valid: compare the clocks",
  },
]
