/** The checks of a JWT as a list. The functions that validate a token decide; this file prints what they compare. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { signatures } from "#signature"
import { explained, printedTime, withVerdict } from "../../internal/explaining.ts"
import { parseJson } from "../../internal/json.ts"
import type { AuthError } from "../../ports/errors.ts"
import type { ExplainedCheck } from "../../ports/explanation.ts"
import type { ActiveToken } from "../../ports/introspection.ts"
import type { JwtProfile } from "../../ports/jwt-profile.ts"
import type { JsonWebKey, ServerKeys } from "../../ports/metadata.ts"
import { claimsOf, identificationOf, isPresent, isValidAt, makeParser, type ParsedJwt, tokenOf } from "./jwt.ts"
import { makeKeys } from "./keys.ts"

type Json = Readonly<Record<string, unknown>>

export interface JwtExplanation {
  readonly checks: ReadonlyArray<ExplainedCheck>
  /** The token state of the claims, if every check has passed and the signature was verified. */
  readonly signed?: ActiveToken
  /** Whether no key was available to verify the signature. */
  readonly withoutKeys?: boolean
}

/** Lists the checks of a JWT. `fetchKeys`: one request for the key set. */
export const explainJwt = (
  token: string,
  provider: string,
  profile: JwtProfile,
  fetchKeys: Effect.Effect<ServerKeys, AuthError>,
): Effect.Effect<JwtExplanation> =>
  Clock.clockWith((clock) => {
    const now = clock.currentTimeMillisUnsafe()
    const parsed = makeParser(profile)(token)
    const isParsed = typeof parsed !== "string"
    const header = withVerdict(headerChecks(objectOf(token.slice(0, token.indexOf("."))), profile), isParsed, {
      check: "jwt.format",
      passed: false,
      expected: "a signed JWT of three parts",
    })
    if (!isParsed) return Effect.succeed({ checks: header })
    const text = signatures.text(parsed.payload)
    const claims = text === undefined ? "format" : claimsOf(text, profile)
    const isAccepted = typeof claims !== "string"
    const payload = [
      ...withVerdict(claimChecks(objectOf(parsed.payload), profile), isAccepted, {
        check: isAccepted || claims === "format" ? "jwt.claims" : `jwt.${claims}`,
        passed: false,
      }),
      ...(isAccepted ? [timeCheck(claims, profile, now)] : []),
    ]
    return Effect.map(signatureChecks(provider, parsed, fetchKeys), ({ checks, isVerified, withoutKeys }) => {
      const all = [...header, ...payload, ...checks]
      const isValid = isAccepted && isVerified && all.every(({ passed }) => passed)
      return isValid
        ? { checks: all, signed: tokenOf(identificationOf(claims, profile), new Date(now)) }
        : { checks: all, withoutKeys }
    })
  })

const objectOf = (part: string): Json | undefined => {
  try {
    const value = parseJson(signatures.text(part) ?? "")
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined
  } catch {
    return undefined
  }
}

const headerChecks = (fields: Json | undefined, { algorithms, types }: JwtProfile): ReadonlyArray<ExplainedCheck> => {
  if (fields === undefined) return [explained("jwt.format", false, "a JSON object as header", "no JSON object")]
  const { alg, typ, kid } = fields
  const name = typeof typ === "string" ? typ.toLowerCase().replace(/^application\//, "") : (typ ?? "")
  return [
    explained("jwt.format", true, "a signed JWT of three parts", `header members ${Object.keys(fields).join(", ")}`),
    explained(
      "jwt.alg",
      algorithms.some((each) => each === alg),
      algorithms.join(", "),
      alg ?? "no alg",
    ),
    explained("jwt.kid", kid === undefined || typeof kid === "string", "text, or absent", kid ?? "absent"),
    explained(
      "jwt.typ",
      types.some((each) => each === name),
      types.map((each) => each || "absent").join(", "),
      typ ?? "absent",
    ),
  ]
}

const claimChecks = (claims: Json | undefined, profile: JwtProfile): ReadonlyArray<ExplainedCheck> => {
  if (claims === undefined) return [explained("jwt.payload", false, "a JSON object", "no JSON object")]
  const missing = profile.required.filter((name) => !isPresent(name, claims[name], profile))
  const present = profile.forbidden.filter((name) => claims[name] !== undefined && claims[name] !== null)
  const audience = [claims.aud ?? []].flat()
  const { audience: accepted } = profile
  return [
    explained("jwt.issuer", claims.iss === profile.issuer, profile.issuer, claims.iss ?? "no iss"),
    explained("jwt.exp", typeof claims.exp === "number", "a number of seconds", claims.exp ?? "no exp"),
    explained(
      "jwt.required",
      missing.length === 0,
      profile.required.join(", ") || "nothing",
      missing.length === 0 ? undefined : `without ${missing.join(", ")}, or with another type`,
    ),
    explained(
      "jwt.forbidden",
      present.length === 0,
      `no ${profile.forbidden.join(", ")}`,
      present.length === 0 ? undefined : present.join(", "),
    ),
    explained(
      "jwt.audience",
      accepted === "any" || accepted?.some((each) => audience.includes(each)) === true,
      accepted === "any" ? "any" : `one of ${accepted?.join(", ")}`,
      typeof claims.aud === "string" ? claims.aud : audience.length === 0 ? "no aud" : claims.aud,
    ),
  ]
}

const timeCheck = (claims: Json, profile: JwtProfile, now: number): ExplainedCheck =>
  explained(
    "jwt.times",
    isValidAt(claims, profile, now),
    `exp after, nbf and iat before ${new Date(now).toISOString()}, with ${profile.clockSkew} s of clock skew`,
    ["exp", "nbf", "iat"]
      .flatMap((name) => (claims[name] === undefined ? [] : [`${name} ${printedTime(claims[name])}`]))
      .join(", "),
  )

interface SignatureChecks {
  readonly checks: ReadonlyArray<ExplainedCheck>
  readonly isVerified: boolean
  readonly withoutKeys: boolean
}

/** Without a key set, `introspect` leaves the decision to the vendor. */
const signatureChecks = (
  provider: string,
  { header, signed, signature }: ParsedJwt,
  fetchKeys: Effect.Effect<ServerKeys, AuthError>,
): Effect.Effect<SignatureChecks> => {
  let found = "no keys"
  const fetch = Effect.map(fetchKeys, (set) => {
    found = publishedKeys(set.keys)
    return set
  })
  const keyCheck = (passed: boolean, text: string): SignatureChecks => ({
    checks: [explained("jwt.key", passed, wantedKey(header), text)],
    isVerified: false,
    withoutKeys: false,
  })
  return Effect.matchEffect(makeKeys(provider, fetch).get(header), {
    onFailure: ({ message }) =>
      Effect.succeed({ ...keyCheck(true, `no key set (${message}): the vendor decides`), withoutKeys: true }),
    onSuccess: (key) => {
      if (key === undefined) return Effect.succeed(keyCheck(false, found))
      if ("ambiguous" in key) return Effect.succeed(keyCheck(false, key.ambiguous))
      const result = key.verifies(signed, signature)
      return Effect.map(
        typeof result === "boolean" ? Effect.succeed(result) : Effect.promise(() => result),
        (isVerified) => ({
          checks: [
            ...keyCheck(true, found).checks,
            explained("jwt.signature", isVerified, "the signature of this key", isVerified ? "valid" : "invalid"),
          ],
          isVerified,
          withoutKeys: false,
        }),
      )
    },
  })
}

const wantedKey = ({ algorithm, keyId }: ParsedJwt["header"]): string =>
  keyId === undefined ? `a key for ${algorithm}` : `a key for ${algorithm} with kid ${keyId}`

const publishedKeys = (keys: ReadonlyArray<JsonWebKey>): string =>
  keys.map(({ kid, alg, kty }) => `${kid ?? "no kid"} (${alg ?? kty ?? "no kty"})`).join(", ")
