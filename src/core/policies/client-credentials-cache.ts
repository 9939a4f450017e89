/** The tokens that this service gets for itself, kept while they are good. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { AuthError } from "../../ports/errors.ts"
import type { ClientCredentialsOptions, GrantRequest, Tokens } from "../../ports/issuance.ts"
import { endsOwnTokens } from "../../ports/policies.ts"
import type { Identity } from "../../ports/provider.ts"
import { boundedStore } from "./bounded-store.ts"
import { type FactKey, factKeys, withKey } from "./cache-key.ts"
import { type LastResort, withLastResort } from "../last-resort.ts"
import { type AnyMethod, afterwards, overOperations, unlessRefused } from "../over-operations.ts"
import { settle } from "./deep-freeze.ts"
import { singleFlight } from "./single-flight.ts"

/** How many are kept: one for each scope and audience that the service asks for. */
const limits = { entries: 1000, bytes: 16 << 20 }

/** How long before its end a token is fetched anew: a minute, or a tenth of a short life. */
const margin = (life: number): number => Math.min(60_000, life / 10)

interface Kept {
  readonly tokens: Tokens
  readonly at: number
  readonly renewAt: number
  readonly endsAt: number
  readonly bytes: number
}

/**
 * Keeps the token of each scope and audience, renews it ahead, and asks once however many callers want it.
 *
 * One of which the vendor does not say when it ends is not kept. One that is refused (`refused`, or `InvalidToken` from
 * `userInfo`) or revoked is dropped, and only that one: another caller may have got the next by now.
 */
export const ownTokens = <P extends Identity>(provider: P): P => {
  if (!provider.can.has("clientCredentials")) return provider
  const keyOf = factKeys(provider, "clientCredentials")
  const kept = boundedStore<FactKey, Kept>(limits)
  const flights = singleFlight<Tokens, AuthError>({ once: true })

  /** How often all of them ended: what was asked for before the last time is not kept. */
  let ends = 0

  const dropAll = (): void => {
    ends += 1
    flights.part()
    kept.clear()
  }

  const drop = (token: unknown): void => {
    for (const [key, { tokens }] of kept.entries()) if (tokens.accessToken === token) kept.delete(key)
  }

  const droppingRefused = (token: unknown, call: ReturnType<AnyMethod>): ReturnType<AnyMethod> =>
    unlessRefused(call, (call) =>
      Effect.tapError(call, ({ reason }) => Effect.sync(() => reason._tag === "InvalidToken" && drop(token))),
    )

  const fetched = (key: FactKey, asked: Effect.Effect<Tokens, AuthError>): Effect.Effect<Tokens, AuthError> =>
    Clock.clockWith((clock) => {
      const at = clock.currentTimeMillisUnsafe()
      const since = ends
      return Effect.map(asked, (tokens) => {
        const bytes = settle(tokens)
        const endsAt = tokens.expiresAt?.getTime()
        if (endsAt !== undefined && since === ends)
          kept.set(key, { tokens, at, endsAt, bytes, renewAt: endsAt - margin(endsAt - at) })
        return tokens
      })
    })

  const current = (
    key: FactKey,
    asked: Effect.Effect<Tokens, AuthError>,
    alone: boolean,
  ): Effect.Effect<Tokens, AuthError> =>
    Clock.clockWith((clock) => {
      const now = clock.currentTimeMillisUnsafe()
      const known = kept.get(key)
      if (known !== undefined && now >= known.at && now < known.renewAt) return Effect.succeed(known.tokens)
      const fetch = fetched(key, asked)
      const next = alone ? fetch : flights.share(key, () => fetch)
      if (known === undefined) return next
      // The last one is good for a while yet, whatever the vendor's day is like; unless it was dropped meanwhile.
      return Effect.catch(next, (error) => (kept.get(key) === known ? toItsEnd(key, error) : Effect.fail(error)))
    })

  const toItsEnd = (key: FactKey, error: AuthError): Effect.Effect<Tokens, AuthError> =>
    Clock.clockWith((clock) => {
      const known = kept.get(key)
      return error.isRetryable && known !== undefined && clock.currentTimeMillisUnsafe() < known.endsAt
        ? Effect.succeed(known.tokens)
        : Effect.fail(error)
    })

  const about = <A>(
    request: GrantRequest | undefined,
    answer: (key: FactKey) => Effect.Effect<A, AuthError>,
  ): Effect.Effect<A, AuthError> => {
    const sorted = (list: ReadonlyArray<string> | undefined) => list && Array.from(new Set(list)).sort()
    return withKey(keyOf(JSON.stringify([sorted(request?.scopes), sorted(request?.audience)])), answer)
  }

  const keeping =
    (method: Grant): Grant =>
    (request, options, ...more) => {
      const asked = method(request, options, ...more)
      if (Exit.isExit(asked)) return asked
      return about(request, (key) =>
        Effect.suspend(() => {
          if (options?.refused !== undefined) drop(options.refused)
          return Effect.map(current(key, asked, options?.retry === false), handed)
        }),
      )
    }

  const resort: LastResort = ([request], error) =>
    about(request as GrantRequest | undefined, (key) => Effect.map(toItsEnd(key, error), handed))

  return overOperations(provider, (operation, method) => {
    if (operation === "clientCredentials") return withLastResort(keeping(method as Grant) as AnyMethod, resort)
    if (operation === "revoke") return (...args) => afterwards(method(...args), () => drop(args[0]))
    if (operation === "userInfo") return (token, ...more) => droppingRefused(token, method(token, ...more))
    return endsOwnTokens.has(operation) ? (...args) => afterwards(method(...args), dropAll) : undefined
  })
}

type Grant = (
  request?: GrantRequest,
  options?: ClientCredentialsOptions,
  ...more: ReadonlyArray<unknown>
) => Effect.Effect<Tokens, AuthError>

/** With a date that is the caller's own. */
export const handed = (tokens: Tokens): Tokens =>
  tokens.expiresAt === undefined ? tokens : { ...tokens, expiresAt: new Date(tokens.expiresAt) }
