/** Caches the tokens of `clientCredentials`, and refreshes them before they expire. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { makeRefreshAhead } from "../../internal/refresh-ahead.ts"
import { isRejected } from "../../internal/rejected-call.ts"
import type { AuthError } from "../../ports/errors.ts"
import type { ClientCredentialsOptions, GrantRequest, Tokens } from "../../ports/issuance.ts"
import type { Identity } from "../../ports/provider.ts"
import type { AnyMethod } from "../over-operations.ts"
import { boundedStore } from "./bounded-store.ts"
import { type CacheKey, cacheKeys, withKey } from "./cache-key.ts"
import { endsServiceTokens } from "./call-class.ts"
import { deepFreeze } from "./deep-freeze.ts"
import { fleetServiceTokens } from "./fleet-service-tokens.ts"
import { type Fallback, finallyRun, type Policy, unlessRejected } from "./layer.ts"
import { type Call, dropAll, dropEverywhere, type ServiceTokenEntry, type ServiceTokens } from "./service-tokens.ts"
import { withOwnDate } from "./token-date.ts"

/** One entry for each combination of scopes and audience that the service uses. */
const limits = { entries: 1000, bytes: 16 << 20 }

/** How long before its end a token is refreshed, in milliseconds: a minute, or a tenth of a short lifetime. */
const margin = (lifetime: number): number => Math.min(60_000, lifetime / 10)

/** The pause between two refreshes of one token, in milliseconds. */
const pause = 1000

/**
 * Caches one token for each combination of scopes and audience.
 *
 * A token without `expires_in` is not cached. A cached token is used until it expires, whatever error its refresh failed
 * with. A token that an API rejected (`refused`, or `InvalidToken` from `userInfo`) or that was revoked is dropped; a newer
 * token of another caller stays.
 */
export const clientCredentialsCache: Policy = (provider, below) => {
  if (!below.has("clientCredentials")) return (_, inner) => inner
  const cache = makeCache(provider)
  return (operation, inner) => {
    const { call } = inner
    if (operation === "clientCredentials")
      return { ...inner, call: cached(cache, call as Grant) as AnyMethod, fallback: usableToken(cache) }
    if (operation === "revoke")
      return { ...inner, call: (...args) => finallyRun(call(...args), () => dropEverywhere(cache, args[0])) }
    if (operation === "userInfo")
      return { ...inner, call: (token, ...more) => dropIfRejected(cache, token, call(token, ...more)) }
    return endsServiceTokens.has(operation)
      ? { ...inner, call: (...args) => finallyRun(call(...args), () => dropAll(cache)) }
      : inner
  }
}

type Grant = (
  request?: GrantRequest,
  options?: ClientCredentialsOptions,
  ...more: ReadonlyArray<unknown>
) => Effect.Effect<Tokens, AuthError>

const makeCache = (provider: Identity): ServiceTokens => {
  const keyOf = cacheKeys(provider, "clientCredentials")
  const sorted = (list: ReadonlyArray<string> | undefined) => list && Array.from(new Set(list)).sort()
  const cache: ServiceTokens = {
    entries: boundedStore(limits),
    pending: new Map(),
    generation: 0,
    withKeyOf: (request, use) => {
      const text = JSON.stringify([sorted(request?.scopes), sorted(request?.audience)])
      return withKey(keyOf(text), (key) => use(key, text))
    },
    fleet: fleetServiceTokens(provider, margin),
  }
  cache.fleet?.onEnd(async (hasEnded) => {
    for (const [, { token }] of cache.entries.entries()) {
      const current = token.current()
      if (current !== undefined && (await hasEnded(current.accessToken)) && token.current() === current)
        token.invalidate()
    }
  })
  return cache
}

const cached =
  (cache: ServiceTokens, method: Grant): Grant =>
  (request, options, ...more) => {
    const call = method(request, options, ...more)
    if (isRejected(call)) return call
    return cache.withKeyOf(request, (key, text) =>
      Effect.suspend(() => {
        const get = Effect.suspend(() =>
          options?.retry === false ? getAlone(cache, key, text, call) : getShared(cache, key, text, call),
        )
        const own = Effect.map(get, withOwnDate)
        if (options?.refused === undefined) return own
        // A process that has no token yet could get the rejected one from the fleet.
        const mayFindIt = cache.fleet !== undefined && cache.entries.get(key) === undefined
        const dropped = dropEverywhere(cache, options.refused, mayFindIt)
        return Effect.andThen(dropped, own)
      }),
    )
  }

const getShared = (cache: ServiceTokens, key: CacheKey, text: string, call: Call): Call => {
  const { token, source } = cache.entries.get(key) ?? cache.pending.get(key) ?? makeEntry(cache, key, text, call)
  source.call = call
  return token.get
}

/** For a call with `retry: false`: it shares no request, because the request of another caller may be repeated. */
const getAlone = (cache: ServiceTokens, key: CacheKey, text: string, call: Call): Call =>
  Clock.clockWith((clock) => {
    const now = clock.currentTimeMillisUnsafe()
    const usable = cache.entries.get(key)?.token.getIfUsable(now)
    if (usable !== undefined) return Effect.succeed(usable)
    const { generation } = cache
    return Effect.map(cache.fleet?.fetch(text, call, { isAwaited: true, isAlone: true }) ?? call, (tokens) => {
      const bytes = deepFreeze(tokens)
      if (tokens.expiresAt === undefined || generation !== cache.generation) return tokens
      const entry = cache.entries.get(key) ?? makeEntry(cache, key, text, call)
      entry.token.set(tokens, now)
      store(cache, key, entry, bytes)
      return tokens
    })
  })

const store = ({ entries, pending }: ServiceTokens, key: CacheKey, entry: ServiceTokenEntry, bytes: number): void => {
  pending.delete(key)
  entries.set(key, { ...entry, bytes })
}

/** Makes an entry. It is pending until its first token is stored. */
const makeEntry = (cache: ServiceTokens, key: CacheKey, text: string, call: Call): ServiceTokenEntry => {
  const source = { call }
  const request: Call = Clock.clockWith((clock) => {
    const isAwaited = entry.token.getIfUsable(clock.currentTimeMillisUnsafe()) === undefined
    return cache.fleet?.fetch(text, source.call, { isAwaited }) ?? source.call
  })
  const fetch = Effect.suspend(() =>
    Effect.onExitPrimitive(request, (exit) => {
      const isCurrent = cache.pending.get(key) === entry || cache.entries.get(key)?.token === entry.token
      const bytes = Exit.isSuccess(exit) ? deepFreeze(exit.value) : 0
      if (isCurrent && Exit.isSuccess(exit) && exit.value.expiresAt !== undefined) store(cache, key, entry, bytes)
      else if (cache.pending.get(key) === entry) cache.pending.delete(key)
      return undefined
    }),
  )
  const token = makeRefreshAhead(fetch, {
    isFresh: ({ expiresAt }, fetchedAt, now) => {
      const end = expiresAt?.getTime() ?? Number.NEGATIVE_INFINITY
      return fetchedAt <= now && now < end - margin(end - fetchedAt)
    },
    isUsable: ({ expiresAt }, fetchedAt, now) => fetchedAt <= now && now < (expiresAt?.getTime() ?? 0),
    pause: () => pause,
    // An error of the client or the server does not concern the token, which is used until it expires.
    survives: () => true,
  })
  const entry: ServiceTokenEntry = { token, source, bytes: 0 }
  cache.pending.set(key, entry)
  return entry
}

const dropIfRejected = (cache: ServiceTokens, token: unknown, call: ReturnType<AnyMethod>): ReturnType<AnyMethod> =>
  unlessRejected(call, (sent) =>
    Effect.tapError(sent, ({ reason }) =>
      reason._tag === "InvalidToken" ? dropEverywhere(cache, token) : Effect.void,
    ),
  )

/** When the caller's timeout expires: the cached token, if it has not expired. */
const usableToken =
  ({ entries, withKeyOf }: ServiceTokens): Fallback =>
  ([request], error) =>
    withKeyOf(request as GrantRequest | undefined, (key) =>
      Clock.clockWith((clock) => {
        const tokens = entries.get(key)?.token.getIfUsable(clock.currentTimeMillisUnsafe())
        return tokens === undefined ? Effect.fail(error) : Effect.succeed(withOwnDate(tokens))
      }),
    )
