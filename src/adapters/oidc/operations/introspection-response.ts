/** Parses introspection responses. Written by hand, without a schema, because this is the hot path. */
import { parseJson } from "../../../internal/json.ts"
import { jwtHeader } from "../../../internal/jwt-header.ts"
import { type SourceText, withSourceText } from "../../../internal/source-text.ts"
import { addFacts, authTimeOf } from "../../../internal/token-facts.ts"
import { firstPresent, firstText, type Subject, scopesOf, subjectTypeOf } from "../../../internal/token-members.ts"
import type { Reason, TokenCheck } from "../../../ports/errors.ts"
import type { ActiveToken, IntrospectOptions, TokenState } from "../../../ports/introspection.ts"
import type { TransportResponse } from "../../../ports/transport.ts"
import type { Settings } from "../configuration/settings.ts"
import { type Json, jsonObject, unexpectedResponse } from "../http/json-response.ts"
import { isTokenIssuer, type Server } from "../server.ts"
import { introspectedKind, kindReasons } from "./introspected-kind.ts"
import { dateOf, endOf, firstInvalidMember, listOf, namesOf, stringOf } from "./introspection-members.ts"
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
 * A response that latchkey cannot judge is an error, never an inactive token: an issuer that the configuration does not
 * name, or a response that does not name the kind of the token. `secrets`: what the request contained and an error must
 * not repeat.
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
  const names = namesOf(server.token)
  const invalidMember = firstInvalidMember(raw, names)
  if (invalidMember !== undefined) return wrongMember(response, invalidMember)

  const receivedAt = new Date()
  const subject = { token: presentedToken, members: raw, header: () => jwtHeader(presentedToken), isAnswer: true }
  const use = introspectedKind(subject, server.token, expect)
  const subjectType = serverSubjectType(subject, server)
  const token = activeToken(raw, { use: expect, subjectType }, server, receivedAt)
  const skew = settings.clockSkew
  if (token.expiresAt !== undefined && token.expiresAt.getTime() + skew <= receivedAt.getTime())
    return { rejected: "expired" }
  if (token.notBefore !== undefined && token.notBefore.getTime() - skew > receivedAt.getTime())
    return { rejected: "expired" }
  if (token.issuer !== undefined && !isTokenIssuer(server, token.issuer))
    return unknownIssuer(response, token.issuer, server, secrets())
  if (use === undefined) return kindReasons.untold
  const isAccepted = acceptsAudience(token.audience, settings.audience) || isForServer(server, token.audience, use)
  if (!isAccepted && token.audience.length > 0) return { rejected: "audience" }
  if (use === "unshown") return kindReasons.unshown
  if (use !== expect) return { rejected: "rejected" }
  // Only introspections of access tokens are cached.
  const state =
    expect === "access_token"
      ? withSourceText(token, new ResponseText(response.body, subjectType, receivedAt.getTime(), server))
      : token
  return isAccepted ? state : { rejected: "audience", ifSigned: state }
}

/** The text of a response. A class, because the cache holds one for each entry: one object without closures. */
class ResponseText implements SourceText {
  readonly #text: string
  readonly #subjectType: ActiveToken["subjectType"]
  readonly #receivedAt: number
  readonly #server: Server

  constructor(text: string, subjectType: ActiveToken["subjectType"], receivedAt: number, server: Server) {
    this.#text = text
    this.#subjectType = subjectType
    this.#receivedAt = receivedAt
    this.#server = server
  }

  get bytes(): number {
    return bytesPerCharacter * this.#text.length + baseBytes
  }

  reparse(): TokenState {
    const known = { use: "access_token", subjectType: this.#subjectType } as const
    return activeToken(parseJson(this.#text) as Json, known, this.#server, new Date(this.#receivedAt))
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

/** The members that depend on the token's text, which a cached answer must not keep. */
type Known = Pick<ActiveToken, "use"> & { readonly subjectType: ActiveToken["subjectType"] }

/** Makes an active token from members that `firstInvalidMember` has checked. `null` and `""` count as absent. */
const activeToken = (raw: Json, { use, subjectType }: Known, server: Server, receivedAt: Date): ActiveToken => {
  const names = namesOf(server.token)
  const sub = stringOf(raw.sub)
  const clientId = firstText(raw, names.client)
  const scopes = scopesOf(raw, names.scopes) ?? (server.absentScopes === "none" ? [] : undefined)
  const token: { -readonly [Name in keyof ActiveToken]: ActiveToken[Name] } = {
    active: true,
    use,
    audience: listOf(firstPresent(raw, names.audience)),
    claims: raw,
    source: { live: receivedAt, stale: false },
  }
  const strings = { username: stringOf(raw.username), issuer: stringOf(raw.iss), tokenId: stringOf(raw.jti) }
  const dates = { issuedAt: dateOf(raw.iat), notBefore: dateOf(raw.nbf), expiresAt: endOf(raw) }
  if (sub !== undefined) token.subject = sub
  if (subjectType !== undefined) token.subjectType = subjectType
  if (clientId !== undefined) token.clientId = clientId
  if (strings.username !== undefined) token.username = strings.username
  if (strings.issuer !== undefined) token.issuer = strings.issuer
  if (strings.tokenId !== undefined) token.tokenId = strings.tokenId
  if (scopes !== undefined) token.scopes = scopes
  if (dates.issuedAt !== undefined) token.issuedAt = dates.issuedAt
  if (dates.notBefore !== undefined) token.notBefore = dates.notBefore
  if (dates.expiresAt !== undefined) token.expiresAt = dates.expiresAt
  const authTime = authTimeOf(raw)
  if (authTime !== undefined) token.authTime = authTime
  addFacts(token, raw)
  return token
}

const subjectTypes = ["user", "client", "organization"] as const

/** Returns the server's subject type, or the one of its profile. */
const serverSubjectType = (subject: Subject, { subjectTypeMember, token = {} }: Server): ActiveToken["subjectType"] => {
  const { members } = subject
  const value = subjectTypeMember === undefined ? undefined : members[subjectTypeMember]
  const type = value === undefined ? undefined : subjectTypes.find((each) => each === value)
  return type ?? subjectTypeOf(firstText(members, namesOf(token).client), subject, token)
}

/**
 * Whether a token is for the server itself (RFC 6749 section 1.5): a refresh token whose response names no audience, or
 * the server's issuer.
 */
export const isForServer = (server: Server, audience: ReadonlyArray<string>, use: string | undefined): boolean =>
  use === "refresh_token" && audience.every((each) => isTokenIssuer(server, each))

/** Whether a token has a configured audience. */
export const acceptsAudience = (audience: ReadonlyArray<string>, accepted: Settings["audience"]): boolean =>
  accepted === undefined || accepted === "any" || accepted.some((each) => audience.includes(each))
