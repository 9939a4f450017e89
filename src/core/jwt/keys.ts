/** The public keys of one key set: refreshed in advance, and used for a limited time while the server is unavailable. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { withAddress } from "../../internal/current-call.ts"
import type { DocumentState } from "../../internal/document-health.ts"
import { toMillis } from "../../internal/duration.ts"
import { isKeyOf } from "../../internal/key-issuer.ts"
import { makeRefreshAhead, type RefreshAhead } from "../../internal/refresh-ahead.ts"
import { ageOf } from "../../internal/time.ts"
import type { DurationInput } from "../../ports/duration.ts"
import { AuthError, type Reason } from "../../ports/errors.ts"
import type { ServerKeys } from "../../ports/metadata.ts"
import type { VerificationKey } from "../../ports/signature.ts"
import { type AgedKeys, alone, type ShareKeys } from "./aged-keys.ts"
import { type ImportedKeys, importedKeys, type KeyChoice } from "./imported-keys.ts"
import type { Header } from "./jwt.ts"

export interface KeysOptions {
  /** The age from which keys are refreshed in the background. Default 5 minutes. */
  readonly refreshAfter?: DurationInput
  /** The age up to which keys are used while the server is unavailable. Default 1 hour. */
  readonly staleFor?: DurationInput
  /**
   * The shortest time between the starts of two requests for the key set. Default 5 seconds, and twice as long after
   * each further failure, up to 30 seconds. Tokens with unknown key ids cannot cause more requests.
   */
  readonly coolDown?: DurationInput
  /** Receives a function that returns the state of the key set, at a time in milliseconds since 1970. */
  readonly watch?: (state: (now: number) => DocumentState) => void
}

export interface Keys {
  /**
   * Returns the key for a token; `undefined` if the server has no such key; or why the key set is ambiguous.
   *
   * A token with an unknown `kid` waits for the next request for the key set that starts after it came. Fails if that
   * request fails, or if 1,000 tokens wait already.
   */
  readonly get: (header: Header) => Effect.Effect<KeyChoice, AuthError>
  /** Returns the key if no I/O is necessary. */
  readonly getIfPresent: (header: Header, now: number) => VerificationKey | undefined
  /** Whether there is a usable key set. A token whose key it lacks is probably forged. */
  readonly areKnown: (now: number) => boolean
  /** Whether the key set is due for a refresh. */
  readonly isDue: (now: number) => boolean
  /** Starts a refresh, without waiting for it. */
  readonly refresh: Effect.Effect<void>
}

/** The longest pause after failures, in milliseconds. */
const longestPause = 30_000

/** The number of tokens with unknown key ids that may wait. */
const maxWaiting = 1000

export const emptyKeySet: Reason = {
  _tag: "UnexpectedResponse",
  path: "keys",
  detail: "expected keys, found an empty key set",
}

/** The imported keys of one key set, by the issuer whose tokens they may verify. */
type KeysByIssuer = ReadonlyMap<string, ImportedKeys>

/** The key set in use. */
interface KeySet {
  readonly byIssuer: KeysByIssuer
  readonly age: number
  /** In milliseconds since 1970. */
  readonly requestedAt: number
}

const none = importedKeys([], new Map())

/**
 * Makes the keys that one key set has for each issuer. One request is in flight at a time, for all callers.
 *
 * @param issuers the issuers whose tokens the key set verifies, as the keys name them
 * @param share how the processes of a fleet share the key set
 */
export const makeKeys = (
  provider: string,
  fetch: Effect.Effect<ServerKeys, AuthError>,
  issuers: ReadonlyArray<string>,
  options: KeysOptions = {},
  share: ShareKeys = alone,
): ((issuer: string) => Keys) => {
  const refreshAfter = toMillis(options.refreshAfter ?? "5 minutes")
  const staleFor = toMillis(options.staleFor ?? "1 hour")
  const coolDown = toMillis(options.coolDown ?? "5 seconds")
  let last: KeySet | undefined

  // A new set replaces the old one, because a key that is missing has been revoked. A key in both is not imported again.
  const replace = ({ keys: { keys }, age }: AgedKeys, now: number): KeySet => {
    const before = last?.byIssuer
    const byIssuer = new Map(
      issuers.map((issuer) => [
        issuer,
        importedKeys(
          keys.filter((key) => isKeyOf(key, issuer)),
          before?.get(issuer)?.inBoth(keys) ?? new Map(),
        ),
      ]),
    )
    last = { byIssuer, age, requestedAt: now - age }
    return last
  }
  const sharedFetch = Clock.clockWith((clock) => {
    const now = clock.currentTimeMillisUnsafe()
    return Effect.map(
      share(fetch, wanted(last, now, { refreshAfter, staleFor, coolDown })),
      (set) => [set, now] as const,
    )
  })
  // Some servers publish an empty set for a moment while they start or rotate keys.
  const fetchSet = withAddress((address) =>
    Effect.flatMap(sharedFetch, ([set, now]) =>
      set.keys.keys.length > 0
        ? Effect.succeed(replace(set, now))
        : Effect.fail(new AuthError({ ...{ provider, operation: "introspect" }, reason: emptyKeySet, ...address() })),
    ),
  )
  const set = makeRefreshAhead(fetchSet, {
    isFresh: (_, fetchedAt, now) => ageOf(fetchedAt, now) < refreshAfter,
    isUsable: (_, fetchedAt, now) => ageOf(fetchedAt, now) < staleFor,
    pause: (failures) => Math.min(coolDown * 2 ** Math.max(0, failures - 1), Math.max(coolDown, longestPause)),
    survives: () => true,
    ageOf: ({ age }) => age,
  })
  const waitForKey = waitingFor(set, provider)
  options.watch?.((now) => {
    const { fetchedAt, lastError } = set.state()
    return { fetchedAt, isUsable: set.getIfUsable(now) !== undefined, reason: lastError?.reason }
  })

  return (issuer) => ({
    getIfPresent: (header, now) => set.getIfUsable(now)?.byIssuer.get(issuer)?.getIfPresent(header),
    areKnown: (now) => set.getIfUsable(now) !== undefined,
    isDue: set.isDue,
    refresh: set.start,
    get: (header) =>
      Clock.clockWith((clock) => {
        const started = set.started()
        const now = clock.currentTimeMillisUnsafe()
        const usable = set.getIfUsable(now)
        // Without a usable set, the last error is the result until the pause is over.
        const current = usable === undefined ? (set.fetchUnlessPaused(now) ?? set.fetch) : Effect.succeed(usable)
        return Effect.flatMap(current, (keys) =>
          Effect.flatMap(keysIn(keys, issuer).get(header), (key) =>
            key !== undefined
              ? Effect.succeed(key)
              : Effect.flatMap(waitForKey(issuer, header, started), (newer) => keysIn(newer, issuer).get(header)),
          ),
        )
      }),
  })
}

/** The usable age of another process's key set, in milliseconds, and whether a token waits for it. */
const wanted = (
  last: KeySet | undefined,
  now: number,
  { refreshAfter, staleFor, coolDown }: Record<"refreshAfter" | "staleFor" | "coolDown", number>,
) => {
  const age = last === undefined ? Number.POSITIVE_INFINITY : ageOf(last.requestedAt, now)
  const isFresh = age < refreshAfter
  // A fresh set is fetched again because it lacks a key: only a set from within the cool-down can be newer.
  return { maxAge: isFresh ? coolDown - 1 : refreshAfter, isAwaited: isFresh || age >= staleFor }
}

const keysIn = ({ byIssuer }: KeySet, issuer: string): ImportedKeys => byIssuer.get(issuer) ?? none

/** Waits for the next key set; a limited number of tokens may wait. */
const waitingFor = (
  set: RefreshAhead<KeySet, AuthError>,
  provider: string,
): ((issuer: string, header: Header, started: number) => Effect.Effect<KeySet, AuthError>) => {
  let waiting = 0
  return (issuer, header, started) =>
    Effect.suspend(() => {
      if (waiting >= maxWaiting)
        return Effect.fail(
          new AuthError({
            provider,
            operation: "introspect",
            reason: { _tag: "Unavailable", detail: `${maxWaiting} tokens with unknown keys wait for the key set` },
          }),
        )
      waiting += 1
      return Effect.onExitPrimitive(
        set.fetchAfter(started, (keys) => keysIn(keys, issuer).has(header)),
        () => {
          waiting -= 1
          return undefined
        },
      )
    })
}
