/** Checking a JWT here: profile, key, signature, time. What was checked once is remembered, bounded. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { signatures } from "#signature"
import type { AuthError, TokenCheck } from "../ports/errors.ts"
import type { JwtProfile } from "../ports/jwt-profile.ts"
import type { VerificationKey } from "../ports/signature.ts"
import { claimsOf, holdsAt, parse } from "./jwt.ts"
import type { Keys, Named } from "./keys.ts"

type Claims = Readonly<Record<string, unknown>>

/** Claims that hold, or the check that failed. */
export type Validated = { readonly claims: Claims; readonly at: number } | { readonly failed: TokenCheck }

/** What is known of a token that was checked: a fact about its signature, good as long as its key is the server's. */
interface Checked {
  readonly claims: Claims
  /** No part of the token itself: what a heap dump shows must not be good for anything. */
  readonly named: Named
  readonly key: VerificationKey
  readonly size: number
}

/** How much is remembered, in tokens and in characters of them. */
const limits = { tokens: 10_000, characters: 16 << 20 }

/** Makes the function that validates tokens of one server. */
export const localValidation = (
  profile: JwtProfile,
  keys: Keys,
): ((token: string) => Effect.Effect<Validated, AuthError>) => {
  const checked = new Map<string, Checked>()
  let characters = 0

  const remember = (name: string, entry: Checked): void => {
    forget(name)
    checked.set(name, entry)
    characters += entry.size
    for (const oldest of checked.keys()) {
      if (checked.size <= limits.tokens && characters <= limits.characters) break
      forget(oldest)
    }
  }

  const forget = (name: string): void => {
    characters -= checked.get(name)?.size ?? 0
    checked.delete(name)
  }

  const recall = (name: string, now: number): Checked | undefined => {
    const known = checked.get(name)
    if (known === undefined || keys.peek(known.named, now) === known.key) return known
    // The server has replaced the key, or has not been heard of for too long: what it signed must be checked again.
    forget(name)
    return undefined
  }

  const judge = (claims: Claims, now: number): Validated =>
    holdsAt(claims, profile, now) ? { claims, at: now } : { failed: "expired" }

  const check = (token: string, now: number, name: string | undefined): Effect.Effect<Validated, AuthError> => {
    const parsed = parse(token, profile)
    if (typeof parsed === "string") return Effect.succeed({ failed: parsed })
    const claims = claimsOf(parsed, profile)
    if (typeof claims === "string") return Effect.succeed({ failed: claims })
    if (!holdsAt(claims, profile, now)) return Effect.succeed({ failed: "expired" })
    const verify = (key: VerificationKey | undefined): Effect.Effect<Validated> => {
      if (key === undefined) return Effect.succeed({ failed: "signature" })
      const finish = (good: boolean): Validated => {
        if (!good) return { failed: "signature" }
        freeze(claims)
        const { algorithm, keyId } = parsed
        if (name !== undefined) remember(name, { claims, named: { algorithm, keyId }, key, size: token.length })
        return { claims, at: now }
      }
      const good = key.verifies(parsed.signed, parsed.signature)
      return typeof good === "boolean"
        ? Effect.succeed(finish(good))
        : Effect.map(
            Effect.promise(() => good),
            finish,
          )
    }
    const ready = keys.peek(parsed, now)
    return ready === undefined ? Effect.flatMap(keys.keyFor(parsed), verify) : verify(ready)
  }

  return (token) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const name = signatures.digest?.(token)
      const known = name === undefined ? undefined : recall(name, now)
      const answer = known === undefined ? check(token, now, name) : Effect.succeed(judge(known.claims, now))
      return keys.isDue(now) ? Effect.andThen(keys.refreshAhead, answer) : answer
    })
}

/** Several callers are given the same claims: what one does to them must not be what the next one is told. */
const freeze = (claims: Claims): void => {
  const found: Array<object> = [claims]
  for (const each of found) {
    Object.freeze(each)
    for (const value of Object.values(each)) if (typeof value === "object" && value !== null) found.push(value)
  }
}
