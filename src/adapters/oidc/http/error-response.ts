/** The only mapping from error responses to reasons. A vendor adds rows to the mapping, never a reason. */
import { isOutageStatus } from "../../../internal/outage-status.ts"
import type { Reason } from "../../../ports/errors.ts"
import { operations } from "../../../ports/operations.ts"
import type { Operation } from "../../../ports/provider.ts"
import type { TransportResponse } from "../../../ports/transport.ts"
import type { ErrorRow, Server } from "../server.ts"
import { errorCodes } from "./error-codes.ts"
import { jsonObject, pageReason, unexpectedResponse } from "./json-response.ts"
import { publicEndpointReason } from "./public-endpoint.ts"
import { holdsSecret, redact } from "./redact.ts"
import { isRedirect, redirectWords } from "./redirect.ts"
import { retryAfter } from "./retry-after.ts"
import { vendorWords } from "./vendor-words.ts"

/** The parts of a request that its error response is mapped with. */
export interface SentRequest {
  readonly operation: Operation
  /** The values that no error may contain, and public ones that it may. */
  readonly secrets: ReadonlyArray<string>
  readonly known?: ReadonlyArray<string>
  /** The names of the members that were sent, to find the name of the wrong one in the error description. */
  readonly fields: ReadonlyArray<string>
}

/** The operations that authenticate with the caller's token, so that a 401 rejects that token. */
const presentsToken: ReadonlySet<Operation> = new Set([
  "userInfo",
  "registration.read",
  "registration.update",
  "registration.remove",
])

type Tag = Reason["_tag"]

/** Returns the first row of the vendor's error table that matches a response. A web page is not the server's response. */
export const errorRow = (response: TransportResponse, operation: Operation, server: Server): ErrorRow | undefined => {
  if (server.errors === undefined || pageReason(response) !== undefined) return undefined
  const body = jsonObject(response)
  const codes = [body?.error, ...(server.errorCodes?.(response) ?? [])]
  return server.errors.find(
    (row) =>
      (row.status === undefined
        ? row.reason === "Unavailable" || !isUnprocessed(response)
        : row.status === response.status) &&
      (row.code === undefined || codes.includes(row.code)) &&
      (row.contains === undefined ||
        `${stringOf(body?.error)} ${stringOf(body?.error_description)}`.includes(row.contains)) &&
      (row.operations === undefined || row.operations.includes(operation)),
  )
}

/** Whether the server did not process the request, even if the response has an error code. */
const isUnprocessed = ({ status }: TransportResponse): boolean => status === 429 || isOutageStatus(status)

/** Returns strings only: the conversion of an object to a string may throw. */
const stringOf = (value: unknown): string => (typeof value === "string" ? value : "")

/** Returns a value that has the form of an error code. A secret in that form is not a code. */
const errorCodeOf = (error: unknown, secrets: ReadonlyArray<string>): string | undefined =>
  typeof error === "string" &&
  /^[a-z_]{1,64}$/.test(error) &&
  (Object.hasOwn(errorCodes, error) || !holdsSecret(error, secrets))
    ? error
    : undefined

/** Maps an error response to a reason, by status and body. A web page is not the server's error response. */
export const reasonOf = (response: TransportResponse, request: SentRequest, server: Server): Reason =>
  pageReason(response, () => request) ??
  publicEndpointReason(mappedReason(response, request, server), request, response.status)

const mappedReason = (response: TransportResponse, request: SentRequest, server: Server): Reason => {
  const { status } = response
  const body = jsonObject(response)
  const words = vendorWords(response, server)
  const code = errorCodeOf(words.error, request.secrets)
  const redacted = redact(code === undefined ? words.text : words.description, request.secrets, request.known)
  const row = errorRow(response, request.operation, server)
  const build = (tag: Tag): Reason => makeReason(tag, { response, request, code, detail: row?.detail ?? redacted })
  // `introspect` and `revoke` have read a row that ends in a value before they ask for a reason.
  if (row !== undefined && row.reason !== "Inactive" && row.reason !== "Done") return build(row.reason)
  if (status === 429) return build("RateLimited")
  if (isOutageStatus(status)) return build("Unavailable")
  if (isRedirect(response))
    return {
      _tag: "UnexpectedResponse",
      status,
      detail: `${redirectWords(response, request)}, which is never followed`,
    }
  if (status === 404) return notFound(response, request, server, stringOf(body?.error) !== "")
  if (status === 409 && body !== undefined) return build("Conflict")
  if (status < 400) return unexpectedResponse(response, "a status that this operation documents")
  const tag = code !== undefined && Object.hasOwn(errorCodes, code) ? errorCodes[code] : undefined
  if (tag === "InvalidToken" || status === 401) return build(unauthorized(request, tag))
  if (tag !== undefined) return build(tag)
  if (status === 403) return build("AccessDenied")
  return body !== undefined && (status === 400 || status === 422)
    ? build("InvalidRequest")
    : unexpectedResponse(response, "an error in JSON")
}

/** Returns the reason of a 401, which rejects the caller's token or the client's credentials. */
const unauthorized = ({ operation }: SentRequest, tag: Tag | undefined): Tag =>
  presentsToken.has(operation)
    ? "InvalidToken"
    : tag === undefined || tag === "InvalidToken" || tag === "InvalidRequest"
      ? "InvalidClient"
      : tag

/** The operations on records with an id: only a record can be missing. */
const recordOperations = /^(clients|registration|consent|trust|connectedApps)\./

/**
 * Returns the reason of a 404 that is no web page. Servers whose releases differ send plain text for a missing endpoint,
 * or JSON because every request here accepts JSON, but no HTML. So an HTML 404 does not mean that the release is older.
 */
const notFound = (
  response: TransportResponse,
  { operation }: SentRequest,
  server: Server,
  hasError: boolean,
): Reason => {
  if (hasError && recordOperations.test(operation)) return { _tag: "NotFound" }
  return server.versionDependent?.includes(operation)
    ? {
        _tag: "UnsupportedOperation",
        standard: operations[operation],
        instead: "this release of the server has no such endpoint",
      }
    : unexpectedResponse(response, "an endpoint at this URL")
}

/** The member that an error code of RFC 7591 is about. */
const fieldOf: Readonly<Record<string, string>> = { invalid_redirect_uri: "redirect_uris" }

interface ErrorParts {
  readonly response: TransportResponse
  readonly request: SentRequest
  readonly code: string | undefined
  readonly detail: string | undefined
}

const makeReason = (tag: Tag, { response, request, code, detail }: ErrorParts): Reason => {
  const codeAndDetail = { ...(code !== undefined && { code }), ...(detail !== undefined && { detail }) }
  const words = [code, detail].filter(Boolean).join(": ")
  switch (tag) {
    case "RateLimited":
      return { _tag: tag, ...(words !== "" && { detail: words }), ...retryAfter(response) }
    case "Unavailable":
      return { _tag: tag, status: response.status, detail: words || "the server failed", ...retryAfter(response) }
    case "InvalidToken":
      return { _tag: tag, check: "rejected", ...codeAndDetail }
    case "AuthorizationPending":
      return { _tag: tag, slowDown: code === "slow_down" }
    case "InteractionRequired":
      return { _tag: tag, code: "interaction_required", ...codeAndDetail }
    case "NotFound":
      return { _tag: tag }
    case "Conflict":
      return { _tag: tag, ...(detail !== undefined && { detail }) }
    case "InvalidRequest": {
      const field = request.fields.find((name) => detail?.includes(name) || name === fieldOf[code ?? ""])
      return { _tag: tag, ...codeAndDetail, ...(field !== undefined && { field }) }
    }
    case "UnsupportedOperation":
      return { _tag: tag, standard: operations[request.operation], ...(detail !== undefined && { instead: detail }) }
    case "InvalidClient":
    case "InvalidGrant":
    case "AccessDenied":
      return { _tag: tag, ...codeAndDetail }
    default:
      return unexpectedResponse(response, "another error")
  }
}
