/** Checking a JWT here: profile, key, signature, time. What was checked once is remembered, bounded. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { signatures } from "#signature"
import type { AuthError, TokenCheck } from "../../ports/errors.ts"
import type { JwtProfile } from "../../ports/jwt-profile.ts"
import type { VerificationKey } from "../../ports/signature.ts"
import { boundedStore } from "../policies/bounded-store.ts"
import { claimsOf, type Header, holdsAt, type Parsed, parser, type Said, saidBy } from "./jwt.ts"
import type { Keys } from "./keys.ts"
import { settle } from "../policies/deep-freeze.ts"

/** What a token says that holds, or the check that failed. */
export type Validated = { readonly said: Said; readonly at: number } | { readonly failed: TokenCheck }

/** Validates the tokens of one server. */
export interface LocalValidation {
  readonly validate: (token: string) => Effect.Effect<Validated, AuthError>
  /** The same without waiting: `undefined` when keys are to be asked for, or the platform takes its time. */
  readonly atOnce: (token: string, now: number) => Validated | undefined
}

/** What is known of a token that was checked: a fact about its signature, good as long as its key is the server's. */
interface Checked {
  readonly header: Header
  readonly key: VerificationKey
  /**
   * What it says to whoever presents it again; nothing in it can be changed. Kept from the second time on, for few are
   * ever presented twice. Never the signature: what a heap dump shows must not be good for anything.
   */
  readonly said: Said | undefined
  readonly bytes: number
}

/** How much is remembered: tokens, and the characters of those that were presented twice. */
const limits = { entries: 10_000, bytes: 16 << 20 }

/** Makes the validation of one server's tokens. */
export const localValidation = (profile: JwtProfile, keys: Keys): LocalValidation => {
  const parse = parser(profile)
  const checked = boundedStore<string, Checked>(limits)
  const recall = (name: string, now: number): Checked | undefined => {
    const known = checked.get(name)
    if (known === undefined || keys.peek(known.header, now) === known.key) return known
    // The server has replaced the key, or has not been heard of for too long: what it signed must be checked again.
    checked.delete(name)
    return undefined
  }

  /** All that can be told without a key; most tokens that are no good end here. */
  const read = (token: string, now: number): Candidate | { readonly failed: TokenCheck } => {
    const parsed = parse(token)
    if (typeof parsed === "string") return { failed: parsed }
    const text = signatures.text(parsed.payload)
    const claims = text === undefined ? "format" : claimsOf(text, profile)
    if (typeof claims === "string") return { failed: claims }
    return holdsAt(claims, profile, now) ? { parsed, claims } : { failed: "expired" }
  }

  // All that is known of a token seen once, so one for as many as have the same header and key.
  let once: Checked | undefined
  const remember = (name: string, header: Header, key: VerificationKey): void => {
    if (once?.header !== header || once.key !== key) once = { header, key, said: undefined, bytes: 0 }
    checked.set(name, once)
  }

  const saidAgain = (token: string, { claims }: Candidate, known: Checked, name: string): Said => {
    const said = saidBy(claims, profile)
    settle(said)
    checked.set(name, { ...known, said, bytes: token.length })
    return said
  }

  const atOnce = (token: string, now: number): Validated | undefined => {
    if (signatures.digest === undefined || keys.isDue(now)) return undefined
    const name = signatures.digest(token)
    const known = recall(name, now)
    if (known?.said !== undefined)
      return holdsAt(known.said.claims, profile, now) ? { said: known.said, at: now } : { failed: "expired" }
    const candidate = read(token, now)
    if ("failed" in candidate) return candidate
    if (known !== undefined) return { said: saidAgain(token, candidate, known, name), at: now }
    const { header, signed, signature } = candidate.parsed
    const key = keys.peek(header, now)
    const good = key?.verifies(signed, signature)
    if (key === undefined || typeof good !== "boolean") return undefined
    if (!good) return { failed: "signature" }
    remember(name, header, key)
    return { said: saidBy(candidate.claims, profile), at: now }
  }

  const inTime = (token: string, now: number): Effect.Effect<Validated, AuthError> => {
    const candidate = read(token, now)
    if ("failed" in candidate) return Effect.succeed(candidate)
    const { header, signed, signature } = candidate.parsed
    return Effect.flatMap(keys.keyFor(header), (key): Effect.Effect<Validated> => {
      if (key === undefined) return Effect.succeed({ failed: "signature" })
      const good = key.verifies(signed, signature)
      return Effect.map(typeof good === "boolean" ? Effect.succeed(good) : Effect.promise(() => good), (holds) => {
        if (!holds) return { failed: "signature" }
        if (signatures.digest !== undefined) remember(signatures.digest(token), header, key)
        return { said: saidBy(candidate.claims, profile), at: now }
      })
    })
  }

  const validate = (token: string): Effect.Effect<Validated, AuthError> =>
    Clock.clockWith((clock) => {
      const now = clock.currentTimeMillisUnsafe()
      const known = atOnce(token, now)
      if (known !== undefined) return Effect.succeed(known)
      return keys.isDue(now) ? Effect.andThen(keys.refreshAhead, inTime(token, now)) : inTime(token, now)
    })

  return { validate, atOnce }
}

/** A token whose signature remains to be checked. */
interface Candidate {
  readonly parsed: Parsed
  readonly claims: Readonly<Record<string, unknown>>
}
