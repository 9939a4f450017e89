/** Checking a JWT here: profile, key, signature, time. What was checked once is remembered, bounded. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { signatures } from "#signature"
import type { AuthError, TokenCheck } from "../ports/errors.ts"
import type { JwtProfile } from "../ports/jwt-profile.ts"
import type { VerificationKey } from "../ports/signature.ts"
import { claimsOf, holdsAt, type Parsed, parse } from "./jwt.ts"
import type { Keys } from "./keys.ts"

type Claims = Readonly<Record<string, unknown>>

/** Claims that hold, or the check that failed. */
export type Validated = { readonly claims: Claims; readonly at: number } | { readonly failed: TokenCheck }

/** What is known of a token that was checked: a fact about its signature, good as long as its key is the server's. */
interface Checked {
  readonly claims: Claims
  readonly parsed: Parsed
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
    checked.set(name, entry)
    characters += entry.size
    for (const [oldest, { size }] of checked) {
      if (checked.size <= limits.tokens && characters <= limits.characters) break
      checked.delete(oldest)
      characters -= size
    }
  }

  const recall = (name: string, now: number): Checked | undefined => {
    const known = checked.get(name)
    if (known === undefined || keys.peek(known.parsed, now) === known.key) return known
    // The server has replaced the key, or has not been heard of for too long: what it signed must be checked again.
    checked.delete(name)
    characters -= known.size
    return undefined
  }

  const judge = (claims: Claims, now: number): Validated =>
    holdsAt(claims, profile, now) ? { claims, at: now } : { failed: "expired" }

  const check = (token: string, now: number, name: string | undefined): Effect.Effect<Validated, AuthError> => {
    const parsed = parse(token, profile)
    if (typeof parsed === "string") return Effect.succeed({ failed: parsed })
    const claims = claimsOf(parsed, profile)
    if (typeof claims === "string") return Effect.succeed({ failed: claims })
    const verify = (key: VerificationKey | undefined): Effect.Effect<Validated> => {
      if (key === undefined) return Effect.succeed({ failed: "signature" })
      const finish = (good: boolean): Validated => {
        if (!good) return { failed: "signature" }
        if (name !== undefined) remember(name, { claims, parsed, key, size: token.length })
        return judge(claims, now)
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
      return known === undefined ? check(token, now, name) : Effect.succeed(judge(known.claims, now))
    })
}
