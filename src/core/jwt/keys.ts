/** The public keys of one server: refreshed in advance, and used for a limited time while the server is unavailable. */
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { makeRefreshAhead } from "../../internal/refresh-ahead.ts"
import { ageOf, toMillis } from "../../internal/time.ts"
import type { AuthError } from "../../ports/errors.ts"
import type { JsonWebKey, ServerKeys } from "../../ports/metadata.ts"
import type { VerificationKey } from "../../ports/signature.ts"
import { type ImportedKeys, importedKeys } from "./imported-keys.ts"
import type { Header } from "./jwt.ts"

export interface KeysOptions {
  /** The age from which keys are refreshed beside the calls that use them. Default 5 minutes. */
  readonly refreshAfter?: Duration.Input
  /** The age up to which keys are used while the server is unavailable. Default 1 hour. */
  readonly staleFor?: Duration.Input
  /** The pause after a successful fetch before an unknown `kid` starts another one. Default 30 seconds. */
  readonly coolDown?: Duration.Input
}

export interface Keys {
  /** Returns the key for a token, and fetches the key set if necessary; `undefined` if the server has no such key. */
  readonly get: (header: Header) => Effect.Effect<VerificationKey | undefined, AuthError>
  /** Returns the key if no I/O is necessary. */
  readonly getIfPresent: (header: Header, now: number) => VerificationKey | undefined
  /** Whether the key set is due for a refresh. */
  readonly isDue: (now: number) => boolean
  /** Starts a refresh and does not wait. */
  readonly refresh: Effect.Effect<void>
}

/** The pause after a failed fetch, in milliseconds; it doubles with each further failure. */
const pauseAfterFailure = 1000

/** Makes the keys of one server. One fetch is in flight at a time, for all callers. */
export const makeKeys = (fetch: Effect.Effect<ServerKeys, AuthError>, options: KeysOptions = {}): Keys => {
  const refreshAfter = toMillis(options.refreshAfter ?? "5 minutes")
  const staleFor = toMillis(options.staleFor ?? "1 hour")
  const coolDown = toMillis(options.coolDown ?? "30 seconds")
  let last: ImportedKeys | undefined

  // A new set replaces the old one, because a key that is missing has been revoked. A key in both is not imported again.
  const replace = ({ keys }: { readonly keys: ReadonlyArray<JsonWebKey> }): ImportedKeys => {
    last = importedKeys(keys, last?.inBoth(keys) ?? new Map())
    return last
  }
  const set = makeRefreshAhead(Effect.map(fetch, replace), {
    isFresh: (_, fetchedAt, now) => ageOf(fetchedAt, now) < refreshAfter,
    isUsable: (_, fetchedAt, now) => ageOf(fetchedAt, now) < staleFor,
    pause: (failures) => (failures === 0 ? coolDown : Math.min(coolDown, pauseAfterFailure * 2 ** (failures - 1))),
    survives: () => true,
  })

  return {
    getIfPresent: (header, now) => set.getIfUsable(now)?.getIfPresent(header),
    isDue: set.isDue,
    refresh: set.start,
    get: Effect.fnUntraced(function* (header) {
      const now = yield* Clock.currentTimeMillis
      const key = yield* (set.getIfUsable(now) ?? (yield* set.fetch)).get(header)
      if (key !== undefined) return key
      const newer = set.fetchUnlessPaused(now)
      return newer === undefined ? undefined : yield* (yield* newer).get(header)
    }),
  }
}
