/** Where Ory's refusals mean something else than the standard's. */
import type { TransportResponse } from "../../ports/transport.ts"
import { type Json, jsonObject } from "../oidc/http/json-response.ts"
import type { ErrorRow } from "../oidc/server.ts"
import { challengeOperations } from "./consent.ts"

/** The words of the services around Hydra: a message and a reason, in an object or at the top. */
export const errorText = (answer: TransportResponse): string | undefined => {
  const body = jsonObject(answer)
  const { message, reason } = ((typeof body?.error === "object" ? body.error : body) as Json | null) ?? {}
  return [message, reason].filter((text) => typeof text === "string" && text !== "").join(": ") || undefined
}

export const errors: ReadonlyArray<ErrorRow> = [
  // The database gave way to another request; the same one may succeed now. Both come as 400.
  { contains: "concurrent update in another session", reason: "Unavailable" },
  { contains: "multiple concurrent requests using the same token", reason: "Unavailable" },
  { status: 404, contains: "Dynamic registration is not enabled", reason: "UnsupportedOperation" },
  // A malformed id is an unknown one; a newer release says so with 400.
  { status: 400, contains: "parse parameter id", operations: ["trust.get", "trust.remove"], reason: "NotFound" },
  { code: "jti_known", operations: ["jwtBearer"], reason: "InvalidGrant" },
  { code: "jti_known", reason: "InvalidClient" },
  { code: "scope_not_granted", reason: "AccessDenied" },
  { code: "request_unauthorized", operations: ["userInfo"], reason: "InvalidToken" },
  { code: "token_inactive", reason: "InvalidToken" },
  // An unknown or expired challenge; the API key would have been refused in another shape.
  {
    status: 401,
    code: "request_unauthorized",
    operations: challengeOperations,
    reason: "NotFound",
  },
]

/** For a client that signs its assertions: the server answers 500 where the clocks are too far apart. */
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
    detail: "the client assertion was refused, most likely as expired or not yet valid: compare the clocks",
  },
]
