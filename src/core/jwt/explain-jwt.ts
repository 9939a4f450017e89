/** Lists the checks of a JWT. The functions that validate a token decide; this file prints what they compare. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { signatures } from "#signature"
import { explained, printedTime, withVerdict } from "../../internal/explaining.ts"
import { parseJson } from "../../internal/json.ts"
import { conventionalKind } from "../../internal/token-kind.ts"
import { firstPresent } from "../../internal/token-members.ts"
import type { AuthError } from "../../ports/errors.ts"
import type { ExplainedCheck } from "../../ports/explanation.ts"
import type { ActiveToken } from "../../ports/introspection.ts"
import type { JwtProfile } from "../../ports/jwt-profile.ts"
import type { ServerKeys } from "../../ports/metadata.ts"
import { type AccessCheck, accessChecks, claimsOf, isAudienceSigned, isValidAt, subjectOf } from "./claims.ts"
import { signatureChecks } from "./explain-signature.ts"
import { identificationOf, tokenOf } from "./identification.ts"
import { keyIssuerOf } from "./issuer-keys.ts"
import { type Header, makeParser } from "./jwt.ts"

type Json = Readonly<Record<string, unknown>>

export interface JwtExplanation {
  readonly checks: ReadonlyArray<ExplainedCheck>
  /** The token state of the claims, if every check has passed and the signature was verified. */
  readonly signed?: ActiveToken
  /** Whether the signed audience is accepted. */
  readonly isAudienceSigned?: boolean
  /** Whether no key was available to verify the signature. */
  readonly withoutKeys?: boolean
}

/** Lists the checks of a JWT. `keysOf`: one request for the key set of an issuer. */
export const explainJwt = (
  token: string,
  provider: string,
  profile: JwtProfile,
  keysOf: (issuer: string) => Effect.Effect<ServerKeys, AuthError>,
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
    const checked = text === undefined ? "format" : claimsOf(text, parsed.header, profile)
    const isAccepted = typeof checked !== "string"
    const claimed = objectOf(parsed.payload)?.iss
    const issuer = profile.issuers.find((each) => each === claimed) ?? profile.issuers[0] ?? ""
    const payload = [
      ...withVerdict(claimChecks(objectOf(parsed.payload), parsed.header, profile), isAccepted, {
        check: isAccepted || checked === "format" ? "jwt.claims" : `jwt.${checked}`,
        passed: false,
      }),
      ...(isAccepted ? [timeCheck(checked.claims, profile, now)] : []),
    ]
    return Effect.map(
      signatureChecks(provider, parsed, profile.answers, keyIssuerOf(profile, issuer), keysOf(issuer)),
      ({ checks, isVerified, withoutKeys }) => {
        const all = [...header, ...payload, ...checks]
        const isValid = isAccepted && isVerified && all.every(({ passed }) => passed)
        if (!isValid) return { checks: all, withoutKeys }
        const signed = tokenOf(identificationOf(checked.claims, parsed.header, profile), new Date(now))
        return { checks: all, signed, isAudienceSigned: isAudienceSigned(signed.audience, profile) }
      },
    )
  })

const objectOf = (part: string): Json | undefined => {
  try {
    const value = parseJson(signatures.text(part) ?? "")
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined
  } catch {
    return undefined
  }
}

const headerChecks = (
  fields: Json | undefined,
  { algorithms, types, hasFormat }: JwtProfile,
): ReadonlyArray<ExplainedCheck> => {
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
      !hasFormat || types.some((each) => each === name),
      hasFormat ? types.map((each) => each || "absent").join(", ") : "any",
      typ ?? "absent",
    ),
  ]
}

const claimChecks = (claims: Json | undefined, header: Header, profile: JwtProfile): ReadonlyArray<ExplainedCheck> => {
  if (claims === undefined) return [explained("jwt.payload", false, "a JSON object", "no JSON object")]
  const kind = conventionalKind(subjectOf(claims, header)) ?? "not told"
  const found = firstPresent(claims, profile.audienceClaims)
  const audience = [found ?? []].flat()
  const { audience: accepted } = profile
  return [
    explained(
      "jwt.issuer",
      profile.issuers.some((each) => each === claims.iss),
      profile.issuers.join(" or "),
      claims.iss ?? "no iss",
    ),
    explained("jwt.exp", typeof claims.exp === "number", "a number of seconds", claims.exp ?? "no exp"),
    ...accessChecks.slice(1).map(({ name, passes }) => {
      const { expected, found } = printedAccess[name]
      const passed = !profile.hasFormat || passes(claims, header, profile)
      return explained(`jwt.${name}`, passed, expected(profile), passed ? undefined : found(claims, profile))
    }),
    explained("jwt.kind", kind === "access_token" || kind === "not told", "access_token, or not told", kind),
    explained(
      "jwt.audience",
      accepted === undefined ||
        accepted === "any" ||
        (audience.length === 0 ? profile.audienceUnsaid : accepted.some((each) => audience.includes(each))),
      accepted === undefined || accepted === "any" ? "any" : `one of ${accepted.join(", ")}`,
      audience.length === 0 ? `no ${profile.audienceClaims.join(" or ")}` : found,
    ),
  ]
}

/** Prints what each check of the format requires, and what it finds instead. */
const printedAccess: Readonly<
  Record<
    AccessCheck["name"],
    {
      readonly expected: (profile: JwtProfile) => string
      readonly found: (claims: Json, profile: JwtProfile) => string
    }
  >
> = {
  type: { expected: ({ types }) => types.map((each) => each || "absent").join(", "), found: () => "another type" },
  client: {
    expected: ({ client, clientUnsaid }) => (clientUnsaid ? "nothing" : client.join(" or ")),
    found: (_, { client }) => `without ${client.join(" and ")}`,
  },
  access: {
    expected: ({ access }) => access.map((when) => JSON.stringify(when)).join(", ") || "nothing",
    found: () => "a claim is missing, or has another value or type",
  },
  forbidden: {
    expected: ({ forbidden }) => (forbidden.length === 0 ? "nothing" : `no ${forbidden.join(", ")}`),
    found: (claims, { forbidden }) => forbidden.filter((name) => (claims[name] ?? undefined) !== undefined).join(", "),
  },
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
