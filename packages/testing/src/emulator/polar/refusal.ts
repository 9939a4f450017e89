import type { Reply } from "../http-server.ts"
import { json, oauthHeaders } from "./replies.ts"

/** A request that is refused, with the answer that says so. */
export class Refusal extends Error {
  readonly reply: Reply

  constructor(reply: Reply) {
    super(reply.body ?? String(reply.status))
    this.name = "Refusal"
    this.reply = reply
  }
}

interface OAuthRefusalExtras {
  readonly status?: number
  readonly state?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** The family of the OAuth endpoints; the description is often absent. */
export const oauthRefusal = (error: string, description?: string, extras: OAuthRefusalExtras = {}): Refusal =>
  new Refusal(
    json(
      extras.status ?? 400,
      {
        error,
        ...(description === undefined ? {} : { error_description: description }),
        ...(extras.state === undefined ? {} : { state: extras.state }),
      },
      { ...oauthHeaders, ...extras.headers },
    ),
  )

/** The vendor's own family: the name of an exception class, and a message. */
export const polarRefusal = (
  status: number,
  error: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal => new Refusal(json(status, { error, detail }, headers))

/** The web framework's own family. */
export const frameworkRefusal = (
  status: number,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal => new Refusal(json(status, { detail }, headers))

/** What is wrong with one member of a JSON body, a query or a form. */
export interface Problem {
  readonly type: string
  readonly loc: ReadonlyArray<string | number>
  readonly msg: string
  readonly input: unknown
  readonly ctx?: Readonly<Record<string, unknown>>
}

/** The family of bodies and queries that do not fit their schema. */
export const invalidInput = (problems: ReadonlyArray<Problem>): Refusal =>
  new Refusal(json(422, { error: "RequestValidationError", detail: problems }))

const badToken = "The access token provided is expired, revoked, malformed, or invalid for other reasons."

/** A bearer token that is none. */
export const invalidToken = (): Refusal =>
  oauthRefusal("invalid_token", badToken, {
    status: 401,
    headers: { "www-authenticate": `Bearer realm="polar", error="invalid_token", error_description="${badToken}"` },
  })

/** A caller who has not said who it is. */
export const unauthorized = (): Refusal =>
  polarRefusal(401, "Unauthorized", "Unauthorized", { "www-authenticate": 'Bearer realm="polar"' })

/** A caller whose kind of credential is not for this endpoint. */
export const notPermitted = (): Refusal => polarRefusal(403, "NotPermitted", "Not permitted")

/** A client that could not be authenticated. */
export const invalidClient = (status: 400 | 401, description: string, state?: string): Refusal =>
  oauthRefusal("invalid_client", description, {
    status,
    state,
    ...(status === 401 && {
      headers: { "www-authenticate": `Basic error="invalid_client", error_description="${description}"` },
    }),
  })

export const unknownClient = "The client does not exist on this server."
export const accessDenied = "The resource owner or authorization server denied the request"
