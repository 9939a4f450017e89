/** The one mapping from a vendor's reasonOf to a reason; a vendor adds rows, never reasons. */
import type { Reason } from "../../../ports/errors.ts"
import { operations } from "../../../ports/operations.ts"
import type { Operation } from "../../../ports/provider.ts"
import type { TransportResponse } from "../../../ports/transport.ts"
import type { ErrorRow, Server } from "../server.ts"
import { type Json, jsonObject, unexpected } from "./json-response.ts"
import { holdsSecret, redact } from "./redact.ts"
import { after } from "./retry-after.ts"

/** What was asked, as far as its reasonOf must know. */
export interface Asked {
  readonly operation: Operation
  /** Values that may not be repeated. */
  readonly secrets: ReadonlyArray<string>
  /** Names of what was sent, to find the one complained of. */
  readonly fields: ReadonlyArray<string>
}

/** Where the credential presented is the caller's token, so that a 401 is about that. */
const presentsToken: ReadonlySet<Operation> = new Set([
  "userInfo",
  "registration.read",
  "registration.update",
  "registration.remove",
])

type Tag = Reason["_tag"]

/** Error codes of RFC 6749, 6750, 7009, 7591, 8628, 8707 and OpenID Connect Core. */
const codes: Readonly<Record<string, Tag>> = {
  invalid_client: "InvalidClient",
  invalid_grant: "InvalidGrant",
  expired_token: "InvalidGrant",
  authorization_pending: "AuthorizationPending",
  slow_down: "AuthorizationPending",
  access_denied: "AccessDenied",
  insufficient_scope: "AccessDenied",
  invalid_token: "InvalidToken",
  login_required: "InteractionRequired",
  consent_required: "InteractionRequired",
  interaction_required: "InteractionRequired",
  account_selection_required: "InteractionRequired",
  server_error: "Unavailable",
  temporarily_unavailable: "Unavailable",
  invalid_request: "InvalidRequest",
  invalid_scope: "InvalidRequest",
  invalid_target: "InvalidRequest",
  unauthorized_client: "InvalidRequest",
  unsupported_grant_type: "InvalidRequest",
  unsupported_response_type: "InvalidRequest",
  unsupported_token_type: "InvalidRequest",
  invalid_redirect_uri: "InvalidRequest",
  invalid_client_metadata: "InvalidRequest",
  invalid_software_statement: "InvalidRequest",
  unapproved_software_statement: "InvalidRequest",
}

/** The vendor's own row for an answer, if one fits. */
export const errorRow = (answer: TransportResponse, operation: Operation, server: Server): ErrorRow | undefined => {
  if (server.errors === undefined) return undefined
  const body = jsonObject(answer)
  const codes = [body?.error, ...(server.errorCodes?.(answer) ?? [])]
  return server.errors.find(
    (row) =>
      (row.status === undefined ? row.reason === "Unavailable" || !badDay(answer) : row.status === answer.status) &&
      (row.code === undefined || codes.includes(row.code)) &&
      (row.says === undefined || `${textOf(body?.error)} ${textOf(body?.error_description)}`.includes(row.says)) &&
      (row.operations === undefined || row.operations.includes(operation)),
  )
}

/** Whatever code stands in such an answer, nobody has looked at the question. */
const badDay = ({ status }: TransportResponse): boolean => status === 429 || status >= 500

/** An object may say that it cannot be text, and throw. */
const textOf = (value: unknown): string => (typeof value === "string" ? value : "")

/** An error code by its looks; words, and a secret that looks like a code, are none. */
const codeIn = (error: unknown, secrets: ReadonlyArray<string>): string | undefined =>
  typeof error === "string" &&
  /^[a-z_]{1,64}$/.test(error) &&
  (Object.hasOwn(codes, error) || !holdsSecret(error, secrets))
    ? error
    : undefined

/** Says why a server refused, from status and body. */
export const reasonOf = (answer: TransportResponse, asked: Asked, server: Server): Reason => {
  const { status } = answer
  const body = jsonObject(answer)
  const code = codeIn(body?.error, asked.secrets)
  const said =
    code === undefined
      ? (server.errorText?.(answer) ?? sentences(body) ?? server.errorCodes?.(answer).join(" "))
      : body?.error_description
  const words = redact(said, asked.secrets)
  const row = errorRow(answer, asked.operation, server)
  const build = (tag: Tag): Reason => reason(tag, { answer, asked, code, words: row?.detail ?? words })
  if (row !== undefined) return build(row.reason)
  if (status === 429) return build("RateLimited")
  if (status >= 500) return build("Unavailable")
  if (status >= 300 && status < 400)
    return { _tag: "UnexpectedResponse", status, detail: "a redirect, which is never followed" }
  if (status === 404) return absent(answer, asked, server, typeof body?.error === "string")
  if (status === 409 && body !== undefined) return build("Conflict")
  if (status < 400) return unexpected(answer, "a status that this operation documents")
  const tag = code !== undefined && Object.hasOwn(codes, code) ? codes[code] : undefined
  if (tag === "InvalidToken" || status === 401) return build(credential(asked, tag))
  if (tag !== undefined) return build(tag)
  if (status === 403) return build("AccessDenied")
  return body !== undefined && (status === 400 || status === 422)
    ? build("InvalidRequest")
    : unexpected(answer, "an error in JSON")
}

/** Some servers have a sentence where the standard has a code, and the reason where it has a sentence. */
const sentences = (body: Json | undefined): string | undefined =>
  [textOf(body?.error), textOf(body?.error_description)].filter(Boolean).join(": ") || undefined

const credential = ({ operation }: Asked, tag: Tag | undefined): Tag =>
  presentsToken.has(operation)
    ? "InvalidToken"
    : tag === undefined || tag === "InvalidToken" || tag === "InvalidRequest"
      ? "InvalidClient"
      : tag

/** Only what is kept under an id can be missing. */
const resource = /^(clients|registration|consent|trust|connectedApps)\./

const absent = (answer: TransportResponse, { operation }: Asked, server: Server, inWords: boolean): Reason => {
  if (inWords && resource.test(operation)) return { _tag: "NotFound" }
  return server.versionDependent?.includes(operation)
    ? {
        _tag: "UnsupportedOperation",
        standard: operations[operation],
        instead: "this release of the server has no such endpoint",
      }
    : unexpected(answer, "an endpoint at this URL")
}

interface Parts {
  readonly answer: TransportResponse
  readonly asked: Asked
  readonly code: string | undefined
  readonly words: string | undefined
}

const reason = (tag: Tag, { answer, asked, code, words }: Parts): Reason => {
  const said = { ...(code !== undefined && { code }), ...(words !== undefined && { detail: words }) }
  switch (tag) {
    case "RateLimited":
      return { _tag: tag, ...after(answer) }
    case "Unavailable":
      return { _tag: tag, status: answer.status, detail: code ?? "the server failed", ...after(answer) }
    case "InvalidToken":
      return { _tag: tag, check: "rejected" }
    case "AuthorizationPending":
      return { _tag: tag, slowDown: code === "slow_down" }
    case "InteractionRequired":
      return { _tag: tag, code: code ?? "interaction_required" }
    case "NotFound":
      return { _tag: tag }
    case "Conflict":
      return { _tag: tag, ...(words !== undefined && { detail: words }) }
    case "InvalidRequest": {
      const field = asked.fields.find((name) => words?.includes(name))
      return { _tag: tag, ...said, ...(field !== undefined && { field }) }
    }
    case "UnsupportedOperation":
      return { _tag: tag, standard: operations[asked.operation], ...(words !== undefined && { instead: words }) }
    case "InvalidClient":
    case "InvalidGrant":
    case "AccessDenied":
      return { _tag: tag, ...said }
    default:
      return unexpected(answer, "another reasonOf")
  }
}
