/** The introspections that the processes of a fleet share, behind the cache of each process. */
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { monotonicNow, setTimeout } from "../../internal/real-timers.ts"
import { clockOf } from "../../internal/time.ts"
import type { AuthError } from "../../ports/errors.ts"
import type { Claim, Fleet, FleetEnd, FleetLock, FleetParties } from "../../ports/fleet.ts"
import type { TokenState } from "../../ports/introspection.ts"
import type { Backend } from "../../ports/provider.ts"
import type { CacheKey } from "./cache-key.ts"
import { readSharedText, sharedText } from "./shared-state.ts"

/** The data that a request reads from the fleet, and that storing its result needs. */
export interface Share {
  /** The result of another process: when it was requested, in milliseconds by the clock of this process, and its text. */
  found?: { readonly requestedAt: number; readonly text: string } | undefined
  /** Absent: the fleet did not answer before the request was sent, and the result is not stored. */
  revision?: string | undefined
  lock?: FleetLock | undefined
}

type Sent = Effect.Effect<TokenState, AuthError>

export interface FleetTier {
  /** Answers from the fleet, or sends one request for all processes. */
  readonly findOrSend: (key: CacheKey, share: Share, wanted: Wanted, send: () => Sent) => Sent
  /** Sends a request without reading the fleet. */
  readonly sendLive: (share: Share, send: () => Sent) => Sent
  /** Whether this process may introspect a token again. `interval`: how long no other one may, in milliseconds. */
  readonly mayRevalidate: (key: CacheKey, interval: number) => Effect.Effect<boolean>
  /** Returns the answer that another process is about to store. `maxAge`: its largest age, in milliseconds. */
  readonly awaitNewer: (key: CacheKey, share: Share, maxAge: number) => Effect.Effect<TokenState | undefined>
  /** Stores the result of a request, without waiting for the store. `lifetime`: in milliseconds; 0 stores nothing. */
  readonly store: (key: CacheKey, state: TokenState, share: Share, lifetime: number) => void
  /** Returns the answer that may replace an error. `"unavailable"`: the fleet did not answer. */
  readonly findStale: (key: CacheKey, maxAge: number) => Effect.Effect<TokenState | "none" | "unavailable">
  /** Ends tokens for every process. Returns `false` if the fleet did not confirm it. */
  readonly end: (ends: ReadonlyArray<Omit<FleetEnd, "server">>) => Effect.Effect<boolean>
  /** Calls a listener with the ends at this server that other processes report. */
  readonly onEnd: (listener: (end: FleetEnd | "unknown") => void) => void
}

export interface Wanted {
  /** In milliseconds. */
  readonly maxAge: number
  /** Whether the request is sent for one caller only. */
  readonly isAlone: boolean
  /** Whether this process knows no newer answer than one that was requested at this time. */
  readonly isNewest: (requestedAt: number) => boolean
}

/** How long a process waits for the request of another one, in milliseconds. */
const longestWait = 100
/** The longest time of a lock, in milliseconds: a process that dies with it stops the others for no longer. */
const lockFor = 1000
const firstPause = 4
const longestPause = 25
/** How far the clocks of two processes may differ, in milliseconds. */
const clockDifference = 60_000

/** A claim without an entry. */
type Missed = Extract<Claim, { readonly revision: string }>

const pause = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, millis))

/** A claim, and when it was sent: an entry may count as older than it is, but never as younger. */
interface Claimed {
  readonly claim: Claim | undefined
  readonly at: number
}

/** Claims an entry. Repeats the claim while another process sends the request. */
const claimOrWait = async (
  fleet: Fleet,
  key: string,
  options: Parameters<Fleet["claim"]>[1],
  clock: Clock.Clock,
  signal?: AbortSignal,
): Promise<Claimed> => {
  const until = monotonicNow() + longestWait
  for (let millis = firstPause; ; millis = Math.min(millis * 1.5, longestPause)) {
    const at = clock.currentTimeMillisUnsafe()
    const claim = await fleet.claim(key, options)
    const isAborted = signal?.aborted === true
    if (isAborted) await releaseOf(claim)?.()
    const left = until - monotonicNow()
    if (claim?.entry !== undefined || claim?.lock !== "taken" || isAborted || left <= 0) return { claim, at }
    await pause(Math.min(millis, left))
  }
}

const releaseOf = (claim: Claim | undefined) =>
  claim === undefined || claim.entry !== undefined || typeof claim.lock === "string" ? undefined : claim.lock.release

/** A caller may join a flight that ends this much later, in milliseconds: its answer must be young enough then. */
const longestFlight = 125
const slackOf = (maxAge: number): number => Math.min(longestFlight, maxAge / 10)

/** Reads an entry that this process may use now. */
const usable = ({ claim, at }: Claimed, clock: Clock.Clock, share: Share) => {
  if (claim?.entry === undefined) return undefined
  const { value, age } = claim.entry
  const now = clock.currentTimeMillisUnsafe()
  const state = readSharedText(value)
  if (state.active && state.expiresAt !== undefined && state.expiresAt.getTime() <= now) return undefined
  if (state.active && state.notBefore !== undefined && state.notBefore.getTime() > now + clockDifference)
    return undefined
  share.found = { requestedAt: at - age, text: value }
  return state
}

const partiesOf = (state: TokenState, server: string, token: CacheKey): FleetParties => {
  if (!state.active) return { server, token }
  const { subject, clientId, claims } = state
  return {
    ...{ server, token },
    ...(subject !== undefined && { subject }),
    ...(clientId !== undefined && { clientId }),
    ...(typeof claims.sid === "string" && { session: claims.sid }),
  }
}

/** Makes the tier of one client. */
export const fleetTier = (fleet: Fleet, backend: Backend, isLocked: boolean): FleetTier | undefined => {
  const { instance, endpoint, fingerprint } = backend
  if (fingerprint === undefined) return undefined
  let scope: Promise<string> | string | undefined
  const keyOf = async (key: CacheKey): Promise<string> => {
    scope ??= JSON.stringify([instance, endpoint, await fingerprint(), "introspect"])
    return `${await scope}\n${key}`
  }

  const sendShared = (claimed: Missed | undefined, share: Share, send: () => Sent): Sent => {
    share.found = undefined
    share.revision = claimed?.revision
    const lock = typeof claimed?.lock === "object" ? claimed.lock : undefined
    share.lock = lock
    return lock === undefined ? send() : Effect.onError(send(), () => Effect.sync(() => void lock.release()))
  }

  const sendLive: FleetTier["sendLive"] = (share, send) =>
    Effect.flatMap(
      Effect.promise(() => fleet.revision()),
      (revision) => sendShared(revision === undefined ? undefined : { revision, lock: "none" }, share, send),
    )

  const findOrSend: FleetTier["findOrSend"] = (key, share, { maxAge, isAlone, isNewest }, send) =>
    Effect.withFiber((fiber) => {
      const options = { maxAge: maxAge - slackOf(maxAge), lockFor: isAlone || !isLocked ? 0 : lockFor }
      const clock = clockOf(fiber)
      const claiming = Effect.promise(async (signal) => claimOrWait(fleet, await keyOf(key), options, clock, signal))
      return Effect.flatMap(claiming, (claimed) => {
        if (claimed.claim?.entry === undefined) return sendShared(claimed.claim, share, send)
        const state = usable(claimed, clock, share)
        return state !== undefined && isNewest(share.found?.requestedAt ?? 0)
          ? Effect.succeed(state)
          : sendLive(share, send)
      })
    })

  return {
    findOrSend,
    sendLive,
    mayRevalidate: (key, interval) =>
      Effect.promise(async () => (await fleet.lock(`revalidate\n${await keyOf(key)}`, interval)) !== "taken"),
    awaitNewer: (key, share, maxAge) =>
      Effect.withFiber((fiber) => {
        const clock = clockOf(fiber)
        const claiming = Effect.promise(async () => {
          await pause(longestWait)
          return claimOrWait(fleet, await keyOf(key), { maxAge: maxAge + longestWait, lockFor: 0 }, clock)
        })
        return Effect.map(claiming, (claimed) => usable(claimed, clock, share))
      }),
    store: (key, state, { revision, lock }, lifetime) => {
      if (revision === undefined || lifetime <= 0) return void lock?.release()
      const text = sharedText(state)
      void keyOf(key).then((name) =>
        fleet.put(name, text, { revision, parties: partiesOf(state, instance, key), lifetime, lock }),
      )
    },
    findStale: (key, maxAge) =>
      Effect.withFiber((fiber) => {
        const clock = clockOf(fiber)
        const claiming = Effect.promise(async () => claimOrWait(fleet, await keyOf(key), { maxAge, lockFor: 0 }, clock))
        return Effect.map(claiming, (claimed) =>
          claimed.claim === undefined ? "unavailable" : (usable(claimed, clock, {}) ?? "none"),
        )
      }),
    end: (ends) => Effect.promise(() => fleet.end(...ends.map((each) => ({ ...each, server: instance })))),
    onEnd: (listener) =>
      void fleet.onEnd((end) => {
        if (end === "unknown" || end.server === instance) listener(end)
      }),
  }
}
