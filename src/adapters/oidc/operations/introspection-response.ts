/** Reading an introspection answer: by hand, for it is the hot path. */

import { parseJson } from "../../../internal/json.ts"
import { type SourceText, withSourceText } from "../../../internal/source-text.ts"
import type { Reason, TokenCheck } from "../../../ports/errors.ts"
import type { ActiveToken, IntrospectOptions, TokenState } from "../../../ports/introspection.ts"
import type { TransportResponse } from "../../../ports/transport.ts"
import type { Settings } from "../configuration/settings.ts"
import { type Json, jsonObject, unexpected } from "../http/json-response.ts"
import { isIssuer, type Server } from "../server.ts"
import { words } from "./token-endpoint.ts"

const inactive: TokenState = Object.freeze({ active: false })

/** A token that the server calls active and that is none to us, and the check of ours that it failed. */
export interface Rejected {
  readonly rejected: TokenCheck
  /** What it is all the same where a signature says whom it is for: all that the answer lacks is an audience. */
  readonly ifSigned?: ActiveToken
}

/** Turns an answer of status 200 into a state, or says why it cannot be trusted to be one. */
export const tokenState = (
  answer: TransportResponse,
  presented: string,
  expect: NonNullable<IntrospectOptions["expect"]>,
  settings: Settings,
  server: Server,
): TokenState | Reason | Rejected => {
  const raw = jsonObject(answer)
  if (raw === undefined) return unexpected(answer, "JSON")
  if (raw.active === false) return inactive
  if (raw.active !== true) return wrong(answer, "active")
  const misshapen = firstMisshapen(raw)
  if (misshapen !== undefined) return wrong(answer, misshapen)

  const live = new Date()
  const use = (server.tokenUse ?? tokenUse)(raw, presented)
  const token = read(raw, use, server, live)
  const skew = settings.clockSkew * 1000
  if (token.expiresAt !== undefined && token.expiresAt.getTime() + skew <= live.getTime())
    return { rejected: "expired" }
  if (token.notBefore !== undefined && token.notBefore.getTime() - skew > live.getTime()) return { rejected: "expired" }
  if (token.issuer !== undefined && !isIssuer(server, token.issuer)) return { rejected: "issuer" }
  const fits = audienceFits(token.audience, settings.audience)
  if (!fits && token.audience.length > 0) return { rejected: "audience" }
  const trusted = token.use === "unknown" && expect === "access_token" && server.trustUnknownUse === true
  if (token.use !== expect && !trusted) return { rejected: "rejected" }
  // Nobody remembers what is said of another kind of token.
  const kept =
    expect === "access_token" ? withSourceText(token, new Written(answer.body, use, live.getTime(), server)) : token
  return fits ? kept : { rejected: "audience", ifSigned: kept }
}

/** An answer's text. A class, for each answer that is remembered keeps one: it is one object, and holds nothing else. */
class Written implements SourceText {
  readonly #text: string
  readonly #use: ActiveToken["use"]
  readonly #live: number
  readonly #server: Server

  constructor(text: string, use: ActiveToken["use"], live: number, server: Server) {
    this.#text = text
    this.#use = use
    this.#live = live
    this.#server = server
  }

  get bytes(): number {
    return madeOf * this.#text.length + objects
  }

  reparse(): TokenState {
    return read(parseJson(this.#text) as Json, this.#use, this.#server, new Date(this.#live))
  }
}

/** What may be made of a text takes so many times its length, a short member's name and place being the most, and this more. */
const madeOf = 4
const objects = 1200

const wrong = ({ status }: TransportResponse, path: string): Reason => ({
  _tag: "UnexpectedResponse",
  status,
  path,
  detail: "a member is missing or of another type",
})

const isString = (value: unknown): value is string => typeof value === "string"
const isStrings = (value: unknown): value is ReadonlyArray<string> => Array.isArray(value) && value.every(isString)

/** Seconds since 1970 that a `Date` can hold; some vendors write them as digits in a string. */
const seconds = (value: unknown): number | undefined => {
  const number = isString(value) && /^\d{1,13}$/.test(value) ? Number(value) : value
  return typeof number === "number" && Math.abs(number) <= 8.64e12 ? number : undefined
}

/** Names a member that is of another type than it should be; `null` counts as absent. Member by member: a table is slower. */
const firstMisshapen = (raw: Json): string | undefined => {
  if (!isTextOrNothing(raw.sub)) return "sub"
  if (!isTextOrNothing(raw.client_id)) return "client_id"
  if (!isTextOrNothing(raw.username)) return "username"
  if (!isTextOrNothing(raw.iss)) return "iss"
  if (!isTextOrNothing(raw.jti)) return "jti"
  if (!isTimeOrNothing(raw.exp)) return "exp"
  if (!isTimeOrNothing(raw.iat)) return "iat"
  if (!isTimeOrNothing(raw.nbf)) return "nbf"
  if (!isTextOrNothing(raw.aud) && !isStrings(raw.aud)) return "aud"
  if (!isTextOrNothing(raw.scope) && !isStrings(raw.scope)) return "scope"
  return undefined
}

const isNothing = (value: unknown): value is undefined | null => value === undefined || value === null
const isTextOrNothing = (value: unknown): boolean => isString(value) || isNothing(value)
const isTimeOrNothing = (value: unknown): boolean => isNothing(value) || seconds(value) !== undefined

/** The members below have been checked by `firstMisshapen`; `null` counts as absent. */
const read = (raw: Json, use: ActiveToken["use"], server: Server, live: Date): ActiveToken => {
  const sub = text(raw.sub)
  const clientId = text(raw.client_id)
  const scopes = raw.scope ?? (server.absentScopes === "none" ? "" : undefined)
  const token: { -readonly [Name in keyof ActiveToken]: ActiveToken[Name] } = {
    active: true,
    use,
    audience: isString(raw.aud) ? [raw.aud] : isStrings(raw.aud) ? raw.aud : [],
    claims: raw,
    source: { live, stale: false },
  }
  const named = { username: text(raw.username), issuer: text(raw.iss), tokenId: text(raw.jti) }
  const dates = { issuedAt: date(raw.iat), notBefore: date(raw.nbf), expiresAt: date(raw.exp) }
  if (sub !== undefined) {
    token.subject = sub
    token.subjectType = subjectType(raw, server)
  }
  if (clientId !== undefined) token.clientId = clientId
  if (named.username !== undefined) token.username = named.username
  if (named.issuer !== undefined) token.issuer = named.issuer
  if (named.tokenId !== undefined) token.tokenId = named.tokenId
  if (isString(scopes)) token.scopes = words(scopes)
  else if (isStrings(scopes)) token.scopes = scopes
  if (dates.issuedAt !== undefined) token.issuedAt = dates.issuedAt
  if (dates.notBefore !== undefined) token.notBefore = dates.notBefore
  if (dates.expiresAt !== undefined) token.expiresAt = dates.expiresAt
  return token
}

const subjectTypes = ["user", "client", "organization"] as const

/** What the server says; otherwise a client that speaks for itself, or a user. */
const subjectType = (raw: Json, { subjectTypeMember }: Server): NonNullable<ActiveToken["subjectType"]> => {
  const said = subjectTypeMember === undefined ? undefined : raw[subjectTypeMember]
  const known = said === undefined ? undefined : subjectTypes.find((each) => each === said)
  return known ?? (raw.sub === raw.client_id ? "client" : "user")
}

const text = (value: unknown): string | undefined => (isString(value) ? value : undefined)

const date = (value: unknown): Date | undefined => {
  const since = seconds(value)
  return since === undefined ? undefined : new Date(since * 1000)
}

const tokenUse = (raw: Json): ActiveToken["use"] =>
  raw.token_use === "access_token" || raw.token_use === "refresh_token" ? raw.token_use : "unknown"

const audienceFits = (audience: ReadonlyArray<string>, wanted: Settings["audience"]): boolean =>
  wanted === undefined || wanted === "any" || wanted.some((each) => audience.includes(each))
