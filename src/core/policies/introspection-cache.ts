/** Remembering what the vendor said of a token: facts, never decisions, and never longer than it was said for. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import { signatures } from "#signature"
import type { AuthError } from "../../ports/errors.ts"
import type { IntrospectOptions, TokenState } from "../../ports/introspection.ts"
import { endsTokens, type Policies } from "../../ports/policies.ts"
import type { Identity } from "../../ports/provider.ts"
import { answersOf } from "../../internal/telemetry.ts"
import { staleOf, stateOf } from "./cached-introspection.ts"
import { type FactKey, factKeys, withKey } from "./cache-key.ts"
import { type FactStore, factStore } from "./introspection-store.ts"
import { type LastResort, withLastResort } from "../last-resort.ts"
import { type AnyMethod, afterwards, overOperations } from "../over-operations.ts"
import { peekOf, withPeek } from "../peek.ts"
import { type Asked, singleFlight } from "./single-flight.ts"

type Introspect = (
  token: string,
  options?: IntrospectOptions,
  ...more: ReadonlyArray<never>
) => Effect.Effect<TokenState, AuthError>

/** One question to the vendor. */
type Ask = () => Effect.Effect<TokenState, AuthError>

/**
 * Remembers answers about access tokens, and makes one request of equal questions.
 *
 * It stands outside the merging of signature and answer, so that what is remembered is one answer. A revocation through
 * this provider forgets, also what is under way; another process's is seen when the answer is too old.
 */
export const factCache =
  ({ cache = {}, singleFlight: sharing, staleIfUnavailable, trace }: Policies) =>
  <P extends Identity>(provider: P): P => {
    if (cache === false && sharing === false) return provider
    const keyOf = factKeys(provider, "introspect")
    const store = factStore(cache, provider.traits?.inactiveWhenBroken === true)
    const flights = sharing === false ? undefined : singleFlight<TokenState, AuthError>()
    const staleFor =
      staleIfUnavailable === undefined ? undefined : Duration.toMillis(Duration.fromInputUnsafe(staleIfUnavailable))

    const said = trace === false ? undefined : answersOf(provider.id)

    const asking = (key: FactKey, ask: Ask, clock: Clock.Clock, now: number): ReturnType<Ask> => {
      const question = new Question(store, key, clock, now, now)
      return Effect.map(ask(), (state) => question.landed(state, false))
    }

    const live = (key: FactKey, ask: Ask): ReturnType<Ask> =>
      Effect.withFiber((fiber) => {
        said?.("live", fiber)
        const clock = clockOf(fiber)
        return asking(key, ask, clock, clock.currentTimeMillisUnsafe())
      })

    const staleOr = (key: FactKey, maxAge: number, error: AuthError): ReturnType<Ask> =>
      Effect.withFiber((fiber) => {
        const fact = error.isRetryable ? store.find(key, clockOf(fiber).currentTimeMillisUnsafe(), maxAge) : undefined
        if (fact?.isActive !== true) return Effect.fail(error)
        said?.("stale", fiber)
        return Effect.succeed(staleOf(fact))
      })

    const answer = (key: FactKey, maxAge: number, alone: boolean, ask: Ask): ReturnType<Ask> =>
      Effect.withFiber((fiber) => {
        const clock = clockOf(fiber)
        const now = clock.currentTimeMillisUnsafe()
        const fact = store.find(key, now, maxAge)
        said?.(fact === undefined ? "miss" : "hit", fiber)
        if (fact !== undefined) return Effect.succeed(stateOf(fact))
        const fresh =
          alone || flights === undefined
            ? asking(key, ask, clock, now)
            : flights.share(key, ask, new Question(store, key, clock, now, now - maxAge), () =>
                answer(key, maxAge, alone, ask),
              )
        return staleFor === undefined ? fresh : Effect.catch(fresh, (error) => staleOr(key, staleFor, error))
      })

    const remembering = (method: Introspect): Introspect => {
      // What was looked for at once need not be named a second time.
      let looked: string | undefined
      let lookedKey: FactKey | undefined
      const nameOf = (token: string) => {
        const key = looked === token && lookedKey !== undefined ? lookedKey : keyOf(token)
        looked = undefined
        lookedKey = undefined
        return key
      }
      const introspect: Introspect = (token, call, ...more: ReadonlyArray<never>) => {
        const plain = typeof token === "string" && call === undefined && more.length === 0
        const asked = plain ? undefined : method(token, call, ...more)
        const { freshness = {}, expect = "access_token", retry } = call ?? {}
        // What is refused is refused at once; and what is told of no access token, or by nobody, is no fact of the
        // vendor's.
        if (asked !== undefined && (Exit.isExit(asked) || freshness === "local" || expect !== "access_token"))
          return asked
        const ask = () => asked ?? method(token)
        const about = (key: FactKey) =>
          freshness === "live" ? live(key, ask) : answer(key, ageOf(freshness) ?? store.maxAge, retry === false, ask)
        return withKey(nameOf(token), about)
      }
      const peek = (args: ReadonlyArray<unknown>): TokenState | undefined => {
        const [token, call] = args
        const maxAge = args.length > 2 ? undefined : call === undefined ? store.maxAge : plainAge(call)
        if (typeof token !== "string" || maxAge === undefined || signatures.digest === undefined)
          return peekOf(method)?.(args) as TokenState | undefined
        const key = keyOf(token) as FactKey
        const fact = store.find(key, Date.now(), maxAge)
        if (fact === undefined) {
          looked = token
          lookedKey = key
          return undefined
        }
        said?.("hit")
        return stateOf(fact)
      }
      const resort: LastResort = ([token, call], error) => {
        const { freshness = {}, expect = "access_token" } = (call ?? {}) as IntrospectOptions
        if (staleFor === undefined || typeof freshness === "string" || expect !== "access_token")
          return Effect.fail(error)
        return withKey(keyOf(String(token)), (key) => staleOr(key, staleFor, error))
      }
      return withLastResort(withPeek(introspect, peek), resort)
    }

    // All of them: a vendor may know one token by several spellings, and others may have ended with it.
    const forget = (): void => {
      flights?.part()
      store.end()
    }

    return overOperations(provider, (operation, method) => {
      if (operation === "introspect") return remembering(method as Introspect) as AnyMethod
      return endsTokens.has(operation) ? (...args) => afterwards(method(...args), forget) : undefined
    })
  }

/** One question to the vendor, and where the answer goes. A class, as a flight is one (decision 0017). */
class Question implements Asked<TokenState> {
  readonly now: number
  readonly notBefore: number
  readonly #store: FactStore
  readonly #key: FactKey
  readonly #clock: Clock.Clock
  readonly #since: number

  constructor(store: FactStore, key: FactKey, clock: Clock.Clock, now: number, notBefore: number) {
    this.now = now
    this.notBefore = notBefore
    this.#store = store
    this.#key = key
    this.#clock = clock
    this.#since = store.ends()
  }

  /** Keeps what comes; those who have joined get what is kept. */
  landed(state: TokenState, isShared: boolean): TokenState {
    const fact = this.#store.keep(this.#key, state, this.now, this.#since, this.#clock)
    return isShared ? stateOf(fact) : state
  }
}

const clockOf = (fiber: Fiber.Fiber<unknown, unknown>): Clock.Clock => fiber.getRef(Clock.Clock)

const ageOf = (freshness: { readonly maxAge?: number }): number | undefined =>
  freshness.maxAge === undefined ? undefined : freshness.maxAge * 1000

/** The age that a call asks for when that is all it asks for. */
const plainAge = (call: unknown): number | undefined => {
  if (typeof call !== "object" || call === null || !("freshness" in call) || Object.keys(call).length > 1) return
  const { freshness } = call
  if (typeof freshness !== "object" || freshness === null || Object.keys(freshness).length > 1) return
  return "maxAge" in freshness &&
    typeof freshness.maxAge === "number" &&
    freshness.maxAge >= 0 &&
    freshness.maxAge < Number.POSITIVE_INFINITY
    ? freshness.maxAge * 1000
    : undefined
}
