import { importJwk, type ParsedJwt, parseJwt, verifiesJwt } from "../jwt.ts"
import { isJtiUsed } from "./client-assertion.ts"
import type { ClientRecord } from "./client-record.ts"
import { oauthError, oauthErrorWithoutHint } from "./errors.ts"
import { issueTokens } from "./issue-tokens.ts"
import { allowsScope, checkScopes, words } from "./matching.ts"
import type { Ory } from "./state.ts"
import { makeGrant } from "./tokens.ts"
import type { TrustRecord } from "./trust-record.ts"

/** In seconds. */
const maxLifetime = 720 * 3600

const invalid = (hint: string) => oauthError("invalid_grant", hint)
const mustContain = (claim: string) => invalid(`The JWT in "assertion" request parameter MUST contain ${claim} claim.`)

const stringOf = (value: unknown): string => (typeof value === "string" ? value : "")
const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined)
const formatTime = (seconds: number) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z")

/** Returns the trusted issuer whose key verifies an assertion. The errors for no key and a wrong signature differ. */
const trustFor = (ory: Ory, token: ParsedJwt, issuer: string, subject: string): TrustRecord => {
  const noKey = invalid(
    `No public JWK was registered for issuer "${issuer}" and subject "${subject}", and public key is required to check signature of JWT in "assertion" request parameter.`,
  )
  const candidates = [...ory.trust.values()].filter(
    (record) =>
      record.issuer === issuer && (record.anySubject || record.subject === subject) && record.expiresAt > ory.now(),
  )
  const verifies = (record: TrustRecord) => {
    const key = importJwk(record.jwk)
    return key !== undefined && verifiesJwt(token, key)
  }
  const kid = stringOf(token.header.kid)
  // Without a `kid` the server intends to try every key of the issuer, but finds no key.
  if (kid === "") throw noKey
  const record = candidates.find((candidate) => candidate.kid === kid)
  if (record === undefined) throw noKey
  if (verifies(record)) return record
  throw invalid("Unable to verify the integrity of the 'assertion' value.")
}

const checkTimes = (ory: Ory, claims: ParsedJwt["claims"]) => {
  const now = ory.now() / 1000
  const expires = numberOf(claims.exp)
  if (expires === undefined) throw mustContain('an "exp" (expiration time)')
  if (expires < now) throw invalid('The JWT in "assertion" request parameter expired.')
  const notBefore = numberOf(claims.nbf)
  if (notBefore !== undefined && notBefore >= now) {
    throw invalid(
      `The JWT in "assertion" request parameter contains an "nbf" (not before) claim, that identifies the time '${formatTime(notBefore)}' before which the token MUST NOT be accepted.`,
    )
  }
  const issued = numberOf(claims.iat)
  if (issued === undefined) throw mustContain('an "iat" (issued at)')
  if (expires - issued > maxLifetime) {
    throw invalid(
      `The JWT in "assertion" request parameter contains an "exp" (expiration time) claim with value "${formatTime(expires)}" that is unreasonably far in the future, considering token issued at "${formatTime(issued)}".`,
    )
  }
  return expires
}

/** The JWT bearer grant (RFC 7523): exchanges an assertion of a trusted issuer for an access token, once. */
export const exchangeAssertion = (ory: Ory, client: ClientRecord, form: URLSearchParams): Record<string, unknown> => {
  const assertion = form.get("assertion") ?? ""
  if (assertion === "") {
    throw oauthError(
      "invalid_request",
      "The assertion request parameter must be set when using grant_type of 'urn:ietf:params:oauth:grant-type:jwt-bearer'.",
    )
  }
  const token = parseJwt(assertion)
  if (token === undefined) throw invalid('Unable to parse JSON Web Token passed in "assertion" request parameter.')
  const { claims } = token
  const issuer = stringOf(claims.iss)
  const subject = stringOf(claims.sub)
  if (issuer === "") throw mustContain('an "iss" (issuer)')
  if (subject === "") throw mustContain('a "sub" (subject)')
  const trust = trustFor(ory, token, issuer, subject)

  const audience = (Array.isArray(claims.aud) ? claims.aud : [claims.aud]).filter((entry) => typeof entry === "string")
  const tokenUrl = `${ory.issuer}/oauth2/token`
  if (audience.length === 0) throw mustContain('an "aud" (audience)')
  if (!audience.includes(tokenUrl)) {
    throw invalid(
      `The JWT in "assertion" request parameter MUST contain an "aud" (audience) claim containing a value "${tokenUrl}" that identifies the authorization server as an intended audience.`,
    )
  }
  const expires = checkTimes(ory, claims)
  const jti = stringOf(claims.jti)
  if (jti === "") throw mustContain('an "jti" (JWT ID)')
  if (isJtiUsed(ory, jti)) throw oauthErrorWithoutHint("jti_known")

  const scopes = words(form.get("scope"))
  for (const scope of scopes) {
    if (allowsScope(trust.scope ?? [], scope)) continue
    throw oauthError(
      "invalid_scope",
      `The public key registered for issuer "${issuer}" and subject "${subject}" is not allowed to request scope "${scope}".`,
    )
  }
  checkScopes(client, scopes)
  ory.usedIds.set(jti, expires)
  // The token has the assertion's audience; after v26.2.0 it has no audience.
  const granted = ory.rotatesSecrets ? [] : audience
  const grant = makeGrant({ clientId: client.id, subject, scopes, audience: granted, user: undefined })
  return issueTokens(ory, client, grant, "jwt_bearer")
}
