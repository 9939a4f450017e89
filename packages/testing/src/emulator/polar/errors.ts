import type { Reply } from "../http-server.ts"
import { json, oauthHeaders } from "./replies.ts"

/** An error with the response to send. */
export class ErrorResponse extends Error {
  readonly reply: Reply

  constructor(reply: Reply) {
    super(reply.body ?? String(reply.status))
    this.name = "ErrorResponse"
    this.reply = reply
  }
}

/** An exception that the server does not catch: 500, in plain text, without the headers of other responses. */
export class UncaughtException extends Error {}

/** Returns a credential, from which the server computes a hash. It fails for a credential that is not ASCII. */
export const asciiOnly = (credential: string): string => {
  if (!/^[\0-\x7f]*$/.test(credential)) throw new UncaughtException("the credential is not ASCII")
  return credential
}

interface OAuthErrorOptions {
  readonly status?: number
  readonly state?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** Makes an error of the OAuth endpoints. The description is often absent. */
export const oauthError = (error: string, description?: string, options: OAuthErrorOptions = {}): ErrorResponse =>
  new ErrorResponse(
    json(
      options.status ?? 400,
      {
        error,
        ...(description === undefined ? {} : { error_description: description }),
        ...(options.state === undefined ? {} : { state: options.state }),
      },
      { ...oauthHeaders, ...options.headers },
    ),
  )

/** Makes an error in the vendor's own form: the name of an exception class, and a message. */
export const polarError = (
  status: number,
  error: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): ErrorResponse => new ErrorResponse(json(status, { error, detail }, headers))

/** Makes an error of the web framework. */
export const frameworkError = (
  status: number,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): ErrorResponse => new ErrorResponse(json(status, { detail }, headers))

/** A validation error of one member of a JSON body, a query or a form. */
export interface Problem {
  readonly type: string
  readonly loc: ReadonlyArray<string | number>
  readonly msg: string
  readonly input: unknown
  readonly ctx?: Readonly<Record<string, unknown>>
}

/** Makes the error of a body or query that does not match its schema. */
export const invalidInput = (problems: ReadonlyArray<Problem>): ErrorResponse =>
  new ErrorResponse(json(422, { error: "RequestValidationError", detail: problems }))

const invalidTokenDescription =
  "The access token provided is expired, revoked, malformed, or invalid for other reasons."

/** Makes the error of an invalid bearer token. */
export const invalidToken = (): ErrorResponse =>
  oauthError("invalid_token", invalidTokenDescription, {
    status: 401,
    headers: {
      "www-authenticate": `Bearer realm="polar", error="invalid_token", error_description="${invalidTokenDescription}"`,
    },
  })

/** Makes the error of a request without a credential. */
export const unauthorized = (): ErrorResponse =>
  polarError(401, "Unauthorized", "Unauthorized", { "www-authenticate": 'Bearer realm="polar"' })

/** Makes the error of a credential whose kind the endpoint does not accept. */
export const notPermitted = (): ErrorResponse => polarError(403, "NotPermitted", "Not permitted")

/** Makes the error of a failed client authentication. */
export const invalidClient = (status: 400 | 401, description: string, state?: string): ErrorResponse =>
  oauthError("invalid_client", description, {
    status,
    state,
    ...(status === 401 && {
      headers: { "www-authenticate": `Basic error="invalid_client", error_description="${description}"` },
    }),
  })

export const unknownClient = "The client does not exist on this server."
export const accessDenied = "The resource owner or authorization server denied the request"
