/**
 * One request of all processes for a call that uses up a token or a code: a second request could end the whole grant.
 */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { platform } from "#platform"
import { toMillis } from "../../internal/duration.ts"
import { claiming, pauseAfter } from "../../internal/fleet-fetch.ts"
import { clockOf } from "../../internal/time.ts"
import { defaultTimeout, withTimeout } from "../../internal/timeout.ts"
import { AuthError, isOutage } from "../../ports/errors.ts"
import type { Fleet, FleetEntry, FleetLock, FleetParties } from "../../ports/fleet.ts"
import type { Tokens } from "../../ports/issuance.ts"
import type { Identity, Operation } from "../../ports/provider.ts"
import { fleetKeys } from "./cache-key.ts"
import { readResult, resultText, type TokenResult } from "./fleet-result.ts"

type Call = Effect.Effect<Tokens, AuthError>

/**
 * Sends a call for all processes, or returns the result of the process that sends it. `token`: the token that it uses
 * up.
 */
export type FleetFlight = (text: string, call: Call, token: string | undefined) => Call

/** How long a result is kept for later callers, in milliseconds. */
const resultKeptFor = 15_000
/** How long an error that is not about the token is kept for the waiting processes, in milliseconds. */
const failureKeptFor = 1000
/** The longest time of a request, in milliseconds: the store accepts no result that is older than a minute. */
const longestRequest = 50_000
/** How much longer than the request its lock lasts, in milliseconds. */
const lockMargin = 1000

/** The parts that the calls of one operation share. */
interface Shared {
  readonly fleet: Fleet
  readonly provider: Identity
  readonly operation: Operation
  /** The longest time of a request, in milliseconds. */
  readonly limit: number
}

/** One call: its key in the fleet, and the parties whose end makes its result invalid. */
interface Sharing extends Shared {
  readonly key: () => Promise<string>
  readonly partiesOf: (tokens?: Tokens) => Promise<FleetParties>
}

/**
 * Makes the flight of an operation; `undefined` if the provider shares nothing.
 *
 * Only the process that takes the lock sends the request, and completes it even if its callers give up. The other
 * processes wait: they never send the request in the same call, even if the process with the lock dies.
 */
export const fleetFlight = (provider: Identity, operation: Operation): FleetFlight | undefined => {
  const { fleet, backend, policies } = provider
  const fingerprint = backend?.fingerprint
  if (fleet === undefined || backend === undefined || fingerprint === undefined || !platform.sharesRequests)
    return undefined
  const limit = Math.min(toMillis(policies?.timeout ?? defaultTimeout), longestRequest)
  const shared: Shared = { fleet, provider, operation, limit }
  const server = backend.instance
  const tokenKey = fleetKeys(server)
  return (text, call, token) => {
    const key = async () => fleetKeys(JSON.stringify([server, backend.endpoint, await fingerprint(), operation]))(text)
    const partiesOf = async (tokens?: Tokens) => {
      const { sub, sid } = Object(tokens?.idClaims) as Record<string, unknown>
      return {
        server,
        ...(token !== undefined && { token: await tokenKey(token) }),
        ...(typeof sub === "string" && { subject: sub }),
        ...(typeof sid === "string" && { session: sid }),
      }
    }
    return once({ ...shared, key, partiesOf }, call)
  }
}

const once = (sharing: Sharing, call: Call): Call =>
  Effect.uninterruptibleMask((restore) => {
    const { fleet, key, limit } = sharing
    const options = { maxAge: limit + lockMargin + resultKeptFor, lockFor: limit + lockMargin }
    return Effect.flatMap(restore(claiming(fleet, key, options)), (claim): Call => {
      if (claim?.entry !== undefined) return resultOf(sharing, claim.entry)
      // The store is unreachable or full: only the calls of this process share a request.
      if (claim === undefined || claim.lock === "none") return restore(call)
      if (claim.lock === "taken") return restore(waitForResult(sharing, 0))
      const { lock } = claim
      // The request goes on without this caller: another process may wait for its result.
      return Effect.flatMap(
        Effect.forkDetach(lead(sharing, claim.revision, lock, call), { startImmediately: true }),
        (fiber) => restore(Fiber.join(fiber)),
      )
    })
  })

/** Sends the request, and stores its result before it releases the lock. */
const lead = (sharing: Sharing, revision: string, lock: FleetLock, call: Call): Call =>
  Effect.withFiber((fiber) => {
    const { provider, operation, limit } = sharing
    const clock = clockOf(fiber)
    const startedAt = clock.currentTimeMillisUnsafe()
    const limited = withTimeout(call, limit, (reason) =>
      Effect.fail(new AuthError({ provider: provider.id, operation, reason })),
    )
    return Effect.flatMap(Effect.exit(limited), (exit) => {
      const kept = Effect.promise(() => keep(sharing, revision, lock, exit, startedAt))
      return Effect.flatMap(kept, () => exit)
    })
  })

/** Stores the result. An error that is not about the token is only for the waiting processes. */
const keep = async (
  { fleet, key, partiesOf, provider, operation }: Sharing,
  revision: string,
  lock: FleetLock,
  exit: Exit.Exit<Tokens, AuthError>,
  startedAt: number,
): Promise<void> => {
  const result = resultIn(exit, () => new AuthError({ provider: provider.id, operation, reason: abandoned }))
  const isFinal = "tokens" in result || isAboutToken(result.error)
  const options = { revision, parties: await partiesOf("tokens" in result ? result.tokens : undefined) }
  const text = resultText(result, startedAt)
  if (isFinal) return fleet.put(await key(), text, { ...options, lifetime: resultKeptFor, lock })
  await fleet.put(failureKey(await key()), text, { ...options, lifetime: failureKeptFor })
  await lock.release()
}

const resultIn = (exit: Exit.Exit<Tokens, AuthError>, orElse: () => AuthError): TokenResult => {
  if (Exit.isSuccess(exit)) return { tokens: exit.value }
  const failure = exit.cause.reasons.find(Cause.isFailReason)
  return { error: failure?.error ?? orElse() }
}

const abandoned: AuthError["reason"] = {
  _tag: "Unavailable",
  detail: "the process that sent the request ended it without a result",
}

const failureKey = (key: string): string => `failure\n${key}`

/** An outage or a rejected client credential is not about the token: the next call may send a request. */
const isAboutToken = ({ reason }: AuthError): boolean =>
  !isOutage(reason) && reason._tag !== "Unavailable" && reason._tag !== "InvalidClient"

/** Waits for the result of another process. Fails if the lock of that process ends without a result. */
const waitForResult = (sharing: Sharing, waited: number): Call => {
  const { fleet, key, provider, operation, limit } = sharing
  const found = Effect.promise(async () => (await fleet.find(await key())) ?? fleet.find(failureKey(await key())))
  return Effect.flatMap(found, (entry): Call => {
    if (entry !== undefined) return resultOf(sharing, entry)
    if (waited > limit + lockMargin)
      return Effect.fail(new AuthError({ provider: provider.id, operation, reason: withoutResult }))
    const pause = pauseAfter(waited)
    return Effect.delay(waitForResult(sharing, waited + pause), Duration.millis(pause))
  })
}

const withoutResult: AuthError["reason"] = {
  _tag: "Unavailable",
  detail: "another process sent this request, and its result did not arrive; nothing was sent by this process",
}

const unreadable: AuthError["reason"] = {
  _tag: "Unavailable",
  detail: "the result of another process cannot be read; nothing was sent by this process",
}

const resultOf = ({ provider, operation }: Sharing, { value, age }: FleetEntry): Call =>
  Effect.withFiber((fiber) => {
    const result = readResult(value, clockOf(fiber).currentTimeMillisUnsafe() - age)
    if (result === undefined)
      return Effect.fail(new AuthError({ provider: provider.id, operation, reason: unreadable }))
    return "tokens" in result ? Effect.succeed(result.tokens) : Effect.fail(result.error)
  })
