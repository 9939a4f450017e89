/** Local validation of a JWT: profile, key, signature, time. Verified tokens are cached, within limits. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { signatures } from "#signature"
import type { AuthError, TokenCheck } from "../../ports/errors.ts"
import type { JwtProfile } from "../../ports/jwt-profile.ts"
import type { VerificationKey } from "../../ports/signature.ts"
import { type BoundedStore, boundedStore } from "../policies/bounded-store.ts"
import { deepFreeze } from "../policies/deep-freeze.ts"
import { type CheckedClaims, claimsOf, isValidAt } from "./claims.ts"
import { type Identification, identificationOf } from "./identification.ts"
import { type Header, makeParser, type ParsedJwt } from "./jwt.ts"
import type { Keys } from "./keys.ts"

/** A valid token; or the check that failed; or, if no key is available, why the token cannot be validated. */
export type Validation =
  | {
      readonly identification: Identification
      readonly validatedAt: number
      /** Whether the signature alone shows that this is an access token. */
      readonly isAccessToken: boolean
    }
  | { readonly failed: TokenCheck }
  /** `keysAreKnown`: there is a usable key set without the token's key, and a newer one is unavailable. */
  | { readonly unavailable: AuthError; readonly keysAreKnown: boolean }
  | { readonly ambiguous: string }

export interface LocalValidation {
  readonly validate: (token: string) => Effect.Effect<Validation>
  /**
   * Validates without a request: a promise if the thread pool verifies the signature; `undefined` if keys must be fetched,
   * or if the platform has no synchronous hash.
   */
  readonly validateNow: (token: string, now: number) => Validation | Promise<Validation> | undefined
}

/** A token whose signature was verified. It is valid as long as the server has the key. */
interface VerifiedToken {
  readonly header: Header
  readonly key: VerificationKey
  /** The keys of the token's issuer. */
  readonly keys: Keys
  readonly isAccessToken: boolean
  /**
   * Frozen, and kept from the second time on, because few tokens are presented twice. The signature is never kept: a heap
   * dump must not contain a usable token.
   */
  readonly identification: Identification | undefined
  readonly bytes: number
}

/** A token whose signature has not been verified yet. */
interface Candidate extends CheckedClaims {
  readonly parsed: ParsedJwt
}

/** Returns the keys of an issuer that the profile lists. */
export type KeysOf = (issuer: unknown) => Keys

/** `bytes`: characters of the tokens that were presented twice. */
const limits = { entries: 10_000, bytes: 16 << 20 }

/** Makes the local validation for one server. */
export const localValidation = (profile: JwtProfile, keysOf: KeysOf): LocalValidation => {
  const readCandidate = makeReader(profile)
  const verified = verifiedTokens(profile)
  /** Verifications in the thread pool, by the hash of the token: concurrent calls with one token share it. */
  const running = new Map<string, Promise<Validation>>()

  const validateNow: LocalValidation["validateNow"] = (token, now) => {
    if (signatures.digest === undefined) return undefined
    const name = signatures.digest(token)
    const known = verified.get(name, now)
    if (known?.keys.isDue(now) === true) return undefined
    if (known?.identification !== undefined)
      return isValidAt(known.identification.claims, profile, now)
        ? { identification: known.identification, validatedAt: now, isAccessToken: known.isAccessToken }
        : { failed: "expired" }
    const candidate = readCandidate(token, now)
    if ("failed" in candidate) return candidate
    if (known !== undefined) {
      const identification = verified.complete(name, known, candidate, token.length)
      return { identification, validatedAt: now, isAccessToken: candidate.isAccessToken }
    }
    const keys = keysOf(candidate.claims.iss)
    if (keys.isDue(now)) return undefined
    const shared = running.get(name)
    if (shared !== undefined) return shared
    const { header, signed, signature } = candidate.parsed
    const key = keys.getIfPresent(header, now)
    if (key === undefined) return undefined
    const judge = (isValid: boolean): Validation => {
      if (isValid) verified.add(name, candidate, keys, key)
      return isValid ? validAt(now, candidate, profile) : { failed: "signature" }
    }
    const isValid = key.verifies(signed, signature)
    if (typeof isValid === "boolean") return judge(isValid)
    const verification = isValid.then(judge).finally(() => running.delete(name))
    running.set(name, verification)
    return verification
  }

  const validateLater = (token: string, now: number): Effect.Effect<Validation> => {
    const candidate = readCandidate(token, now)
    if ("failed" in candidate) return Effect.succeed(candidate)
    const { header, signed, signature } = candidate.parsed
    const keys = keysOf(candidate.claims.iss)
    const verify = (key: VerificationKey): Effect.Effect<Validation> => {
      const result = key.verifies(signed, signature)
      return Effect.map(
        typeof result === "boolean" ? Effect.succeed(result) : Effect.promise(() => result),
        (isValid) => {
          if (!isValid) return { failed: "signature" }
          if (signatures.digest !== undefined) verified.add(signatures.digest(token), candidate, keys, key)
          return validAt(now, candidate, profile)
        },
      )
    }
    const found = keys.get(header)
    return Effect.matchEffect(keys.isDue(now) ? Effect.andThen(keys.refresh, found) : found, {
      onFailure: (unavailable) => Effect.succeed<Validation>({ unavailable, keysAreKnown: keys.areKnown(now) }),
      onSuccess: (key) => {
        if (key === undefined) return Effect.succeed<Validation>({ failed: "signature" })
        return "ambiguous" in key ? Effect.succeed<Validation>(key) : verify(key)
      },
    })
  }

  const validate = (token: string): Effect.Effect<Validation> =>
    Clock.clockWith((clock) => {
      const now = clock.currentTimeMillisUnsafe()
      const result = validateNow(token, now)
      if (result === undefined) return validateLater(token, now)
      return result instanceof Promise ? Effect.promise(() => result) : Effect.succeed(result)
    })

  return { validate, validateNow }
}

const validAt = (
  now: number,
  { parsed: { header }, claims, isAccessToken }: Candidate,
  profile: JwtProfile,
): Validation => ({ identification: identificationOf(claims, header, profile), validatedAt: now, isAccessToken })

/** Makes the checks that need no key. Most invalid tokens fail here. */
const makeReader = (profile: JwtProfile) => {
  const parse = makeParser(profile)
  return (token: string, now: number): Candidate | { readonly failed: TokenCheck } => {
    const parsed = parse(token)
    if (typeof parsed === "string") return { failed: parsed }
    const text = signatures.text(parsed.payload)
    const checked = text === undefined ? "format" : claimsOf(text, parsed.header, profile)
    if (typeof checked === "string") return { failed: checked }
    return isValidAt(checked.claims, profile, now) ? { parsed, ...checked } : { failed: "expired" }
  }
}

/** The cache of verified tokens, by the hash of the token. */
const verifiedTokens = (profile: JwtProfile) => {
  const tokens: BoundedStore<string, VerifiedToken> = boundedStore(limits)
  // Tokens that were presented once differ only in header and key: one object serves all that have the same.
  let once: VerifiedToken | undefined
  return {
    get: (name: string, now: number): VerifiedToken | undefined => {
      const token = tokens.get(name)
      if (token === undefined || token.keys.getIfPresent(token.header, now) === token.key) return token
      // The server has replaced the key, or its keys are too old: the token must be verified again.
      tokens.delete(name)
      return undefined
    },
    add: (name: string, { parsed: { header }, isAccessToken }: Candidate, keys: Keys, key: VerificationKey): void => {
      if (once?.header !== header || once.key !== key || once.keys !== keys || once.isAccessToken !== isAccessToken)
        once = { header, key, keys, isAccessToken, identification: undefined, bytes: 0 }
      tokens.set(name, once)
    },
    complete: (name: string, token: VerifiedToken, { claims, parsed }: Candidate, bytes: number): Identification => {
      const identification = identificationOf(claims, parsed.header, profile)
      deepFreeze(identification)
      tokens.set(name, { ...token, identification, bytes })
      return identification
    },
  }
}
