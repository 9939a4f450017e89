/** A vendor's public keys, kept ready: refreshed ahead of time, and for a while without the vendor. */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { signatures } from "#signature"
import type { AuthError } from "../../ports/errors.ts"
import type { ServerKeys } from "../../ports/metadata.ts"
import { fits, type VerificationKey } from "../../ports/signature.ts"
import type { Header } from "./jwt.ts"

export interface KeysOptions {
  /** From this age on the keys are fetched again beside the calls they serve. Default 5 minutes. */
  readonly refreshAfter?: Duration.Input
  /** Up to this age keys serve while the vendor cannot be asked. Default 1 hour. */
  readonly staleFor?: Duration.Input
  /** How long an unknown key id is not asked for again. Default 30 seconds. */
  readonly coolDown?: Duration.Input
}

/** The keys of one server. */
export interface Keys {
  /** The key for a token: at once when it is there and fresh enough, by asking otherwise. `undefined`: there is none. */
  readonly keyFor: (header: Header) => Effect.Effect<VerificationKey | undefined, AuthError>
  /** The same without asking: `undefined` when it would have to. */
  readonly peek: (header: Header, now: number) => VerificationKey | undefined
  /** Whether the keys are to be asked for again, and that, beside whoever finds it due. */
  readonly isDue: (now: number) => boolean
  readonly refreshAhead: Effect.Effect<void>
}

interface KeySet {
  readonly jwks: ServerKeys["keys"]
  readonly fetchedAt: number
}

/** How long a vendor that could not give its keys is not asked for them; twice as long each time. In milliseconds. */
const afterFailure = 1000

/** In milliseconds; nobody knows it after the clock was set back. */
const age = (now: number, then: number): number => (now < then ? Number.POSITIVE_INFINITY : now - then)

/** Keeps the keys that `fetch` answers. One fetch is under way at a time, whoever asks. */
export const makeKeys = (fetch: Effect.Effect<ServerKeys, AuthError>, options: KeysOptions = {}): Keys => {
  const refreshAfter = Duration.toMillis(Duration.fromInputUnsafe(options.refreshAfter ?? "5 minutes"))
  const staleFor = Duration.toMillis(Duration.fromInputUnsafe(options.staleFor ?? "1 hour"))
  const coolDown = Duration.toMillis(Duration.fromInputUnsafe(options.coolDown ?? "30 seconds"))
  let current: KeySet | undefined
  /** Keys made ready, by what they were made of; and the key that was used last for each name that tokens use. */
  let made = new Map<string, VerificationKey>()
  let ready = new Map<string | undefined, VerificationKey>()
  let underWay: Deferred.Deferred<KeySet, AuthError> | undefined
  let attemptedAt = Number.NEGATIVE_INFINITY
  /** Why the last attempt brought nothing, and how many in a row have. */
  let failure: AuthError | undefined
  let failures = 0

  /** Replaces the set, never merges: a key that is gone is revoked. A key that stayed is not made ready again. */
  const accept = (jwks: ServerKeys["keys"], fetchedAt: number): KeySet => {
    const present = new Set(jwks.map((jwk) => JSON.stringify(jwk)))
    made = new Map(Array.from(made).filter(([, key]) => present.has(key.fingerprint)))
    ready = new Map()
    current = { jwks, fetchedAt }
    return current
  }

  const begin = Effect.suspend(() => {
    if (underWay !== undefined) return Effect.succeed(underWay)
    const mine = Deferred.makeUnsafe<KeySet, AuthError>()
    underWay = mine
    const run = Effect.gen(function* () {
      attemptedAt = yield* Clock.currentTimeMillis
      const { keys } = yield* Effect.tapError(fetch, (error) =>
        Effect.sync(() => {
          failure = error
          failures += 1
        }),
      )
      failure = undefined
      failures = 0
      return accept(keys, yield* Clock.currentTimeMillis)
    })
    // Detached: whoever asked first may give up without failing those who wait.
    const settle = Effect.flatMap(Effect.exit(run), (exit) =>
      Effect.suspend(() => {
        underWay = undefined
        return Exit.isSuccess(exit) ? Deferred.succeed(mine, exit.value) : Deferred.failCause(mine, exit.cause)
      }),
    )
    return Effect.as(Effect.forkDetach(settle, { startImmediately: true }), mine)
  })
  // Begun as a whole: interrupted in between, it would be under way for ever.
  const refresh: Effect.Effect<KeySet, AuthError> = Effect.flatMap(Effect.uninterruptible(begin), Deferred.await)

  const find = ({ jwks }: KeySet, { algorithm, keyId }: Header): ServerKeys["keys"][number] | undefined => {
    const compatible = jwks.filter((jwk) => fits(jwk, algorithm) && (keyId === undefined || jwk.kid === keyId))
    // Two keys of one name, or several and no name: which one is meant would be a guess.
    return compatible.length === 1 ? compatible[0] : undefined
  }

  const prepare = (set: KeySet, header: Header): Effect.Effect<VerificationKey | undefined> =>
    Effect.suspend(() => {
      const jwk = find(set, header)
      if (jwk === undefined) return Effect.succeed(undefined)
      const name = `${header.algorithm} ${JSON.stringify(jwk)}`
      const key = made.get(name) ?? signatures.importKey(jwk, header.algorithm)
      return Effect.map(key instanceof Promise ? Effect.promise(() => key) : Effect.succeed(key), (usable) => {
        if (usable === undefined) return undefined
        // Another set may have come while the platform made the key ready: it may be gone from that one.
        if (set === current) {
          made.set(name, usable)
          ready.set(header.keyId, usable)
        }
        return usable
      })
    })

  const readyFor = ({ algorithm, keyId }: Header): VerificationKey | undefined => {
    const key = ready.get(keyId)
    return key?.algorithm === algorithm ? key : undefined
  }

  const usable = (now: number): KeySet | undefined =>
    current !== undefined && age(now, current.fetchedAt) < staleFor ? current : undefined

  /** When the last attempt brought nothing, the vendor may be well again at any moment. */
  const rested = (now: number): boolean =>
    age(now, attemptedAt) >= (failure === undefined ? coolDown : Math.min(coolDown, afterFailure * 2 ** (failures - 1)))

  return {
    peek: (header, now) => (usable(now) === undefined ? undefined : readyFor(header)),
    isDue: (now) =>
      underWay === undefined &&
      current !== undefined &&
      age(now, current.fetchedAt) >= refreshAfter &&
      age(now, attemptedAt) >= coolDown,
    refreshAhead: Effect.asVoid(Effect.uninterruptible(begin)),
    keyFor: Effect.fnUntraced(function* (header) {
      const now = yield* Clock.currentTimeMillis
      const set = usable(now) ?? (yield* refresh)
      const key = readyFor(header) ?? (yield* prepare(set, header))
      if (key !== undefined) return key
      // What is under way may bring it. When the last attempt failed, nobody knows whether there is such a key.
      if (underWay === undefined && !rested(now)) return failure === undefined ? undefined : yield* failure
      return yield* prepare(yield* refresh, header)
    }),
  }
}
