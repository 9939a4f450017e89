/** Parses introspection responses. Written by hand, without a schema, because this is the hot path. */
import { parseJson } from "../../../internal/json.ts"
import { type SourceText, withSourceText } from "../../../internal/source-text.ts"
import type { Reason, TokenCheck } from "../../../ports/errors.ts"
import type { ActiveToken, IntrospectOptions, TokenState } from "../../../ports/introspection.ts"
import type { TransportResponse } from "../../../ports/transport.ts"
import type { Settings } from "../configuration/settings.ts"
import { type Json, jsonObject, unexpectedResponse } from "../http/json-response.ts"
import { isIssuer, type Server } from "../server.ts"
import {
  dateOf,
  endOf,
  firstInvalidMember,
  isOptionalString,
  isPresent,
  isString,
  listOf,
  stringOf,
} from "./introspection-members.ts"
import { splitScopes } from "./token-endpoint.ts"
import { unknownIssuer } from "./unknown-issuer.ts"

const inactive: TokenState = Object.freeze({ active: false })

/** A token that the server reports as active, and that a check of latchkey rejects. */
export interface Rejected {
  /** The check that failed. */
  readonly rejected: TokenCheck
  /** The active token, if only the audience is missing: it is accepted if the signed `aud` is accepted. */
  readonly ifSigned?: ActiveToken
}

/**
 * Converts a response of status 200 to a token state, a rejection, or the reason of an unusable response.
 *
 * What latchkey cannot judge is an error, never inactive: an issuer that the configuration does not name, or a response
 * that does not name the kind of the token. `secrets`: what the request contained and an error must not repeat.
 */
export const tokenState = (
  response: TransportResponse,
  presentedToken: string,
  expect: NonNullable<IntrospectOptions["expect"]>,
  settings: Settings,
  server: Server,
  secrets: () => ReadonlyArray<string> = () => [presentedToken],
): TokenState | Reason | Rejected => {
  const raw = jsonObject(response)
  if (raw === undefined) return unexpectedResponse(response, "JSON")
  if (raw.active === false) return inactive
  if (raw.active !== true) return wrongMember(response, "active")
  const invalidMember = firstInvalidMember(raw)
  if (invalidMember !== undefined) return wrongMember(response, invalidMember)

  const receivedAt = new Date()
  const use = (server.tokenUse ?? tokenUse)(raw, presentedToken)
  const token = activeToken(raw, use, server, receivedAt)
  const skew = settings.clockSkew
  if (token.expiresAt !== undefined && token.expiresAt.getTime() + skew <= receivedAt.getTime())
    return { rejected: "expired" }
  if (token.notBefore !== undefined && token.notBefore.getTime() - skew > receivedAt.getTime())
    return { rejected: "expired" }
  if (token.issuer !== undefined && !isIssuer(server, token.issuer))
    return unknownIssuer(response, token.issuer, server, secrets())
  if (use === "unknown" && lacksMark(raw, server)) return withoutMark(response, raw, server)
  const isAccepted = acceptsAudience(token.audience, settings.audience)
  if (!isAccepted && token.audience.length > 0) return { rejected: "audience" }
  const isTrustedUnknown = token.use === "unknown" && expect === "access_token" && server.trustUnknownUse === true
  if (token.use !== expect && !isTrustedUnknown) return { rejected: "rejected" }
  // Only introspections of access tokens are cached.
  const state =
    expect === "access_token"
      ? withSourceText(token, new ResponseText(response.body, use, receivedAt.getTime(), server))
      : token
  return isAccepted ? state : { rejected: "audience", ifSigned: state }
}

/** The text of a response. A class, because the cache holds one for each entry: one object without closures. */
class ResponseText implements SourceText {
  readonly #text: string
  readonly #use: ActiveToken["use"]
  readonly #receivedAt: number
  readonly #server: Server

  constructor(text: string, use: ActiveToken["use"], receivedAt: number, server: Server) {
    this.#text = text
    this.#use = use
    this.#receivedAt = receivedAt
    this.#server = server
  }

  get bytes(): number {
    return bytesPerCharacter * this.#text.length + baseBytes
  }

  reparse(): TokenState {
    return activeToken(parseJson(this.#text) as Json, this.#use, this.#server, new Date(this.#receivedAt))
  }
}

/**
 * The largest size of a token state that is parsed from a text, in bytes: for each character, of which short members
 * need most, and in addition.
 */
const bytesPerCharacter = 4
const baseBytes = 1200

const wrongMember = ({ status }: TransportResponse, path: string): Reason => ({
  _tag: "UnexpectedResponse",
  status,
  path,
  detail: "a member is missing or has another type",
})

/** Whether a response needs the member `token_use` to name the kind of the token, and has none. */
const lacksMark = (raw: Json, { tokenUse, trustUnknownUse }: Server): boolean =>
  tokenUse === undefined && trustUnknownUse !== true && !isPresent(raw.token_use)

const withoutMark = (response: TransportResponse, raw: Json, { withoutTokenUse }: Server): Reason =>
  withoutTokenUse === undefined || !isOptionalString(raw.token_use)
    ? wrongMember(response, "token_use")
    : { _tag: "InvalidConfig", issues: [withoutTokenUse] }

/** Makes an active token from members that `firstInvalidMember` has checked. `null` and `""` count as absent. */
const activeToken = (raw: Json, use: ActiveToken["use"], server: Server, receivedAt: Date): ActiveToken => {
  const sub = stringOf(raw.sub)
  const clientId = stringOf(raw.client_id)
  const scopes = raw.scope ?? (server.absentScopes === "none" ? "" : undefined)
  const token: { -readonly [Name in keyof ActiveToken]: ActiveToken[Name] } = {
    active: true,
    use,
    audience: listOf(raw.aud),
    claims: raw,
    source: { live: receivedAt, stale: false },
  }
  const strings = { username: stringOf(raw.username), issuer: stringOf(raw.iss), tokenId: stringOf(raw.jti) }
  const dates = { issuedAt: dateOf(raw.iat), notBefore: dateOf(raw.nbf), expiresAt: endOf(raw) }
  if (sub !== undefined) {
    token.subject = sub
    const type = subjectType(raw, server)
    if (type !== undefined) token.subjectType = type
  }
  if (clientId !== undefined) token.clientId = clientId
  if (strings.username !== undefined) token.username = strings.username
  if (strings.issuer !== undefined) token.issuer = strings.issuer
  if (strings.tokenId !== undefined) token.tokenId = strings.tokenId
  if (isString(scopes)) token.scopes = splitScopes(scopes)
  else if (Array.isArray(scopes)) token.scopes = listOf(scopes)
  if (dates.issuedAt !== undefined) token.issuedAt = dates.issuedAt
  if (dates.notBefore !== undefined) token.notBefore = dates.notBefore
  if (dates.expiresAt !== undefined) token.expiresAt = dates.expiresAt
  return token
}

const subjectTypes = ["user", "client", "organization"] as const

/** Returns the server's subject type; without one, `client` if the subject is the client, and else what the server has. */
const subjectType = (raw: Json, { subjectTypeMember, subjects }: Server): ActiveToken["subjectType"] => {
  const value = subjectTypeMember === undefined ? undefined : raw[subjectTypeMember]
  const type = value === undefined ? undefined : subjectTypes.find((each) => each === value)
  return type ?? (raw.sub === raw.client_id ? "client" : subjects && "user")
}

/** The kind of a token by the member `token_use`. */
export const tokenUse = (raw: Json): ActiveToken["use"] =>
  raw.token_use === "access_token" || raw.token_use === "refresh_token" ? raw.token_use : "unknown"

/** Whether a token has a configured audience. */
export const acceptsAudience = (audience: ReadonlyArray<string>, accepted: Settings["audience"]): boolean =>
  accepted === undefined || accepted === "any" || accepted.some((each) => audience.includes(each))
