/** A circuit breaker for each origin: it stops requests to an origin that does not respond. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import { toMillis } from "../../internal/duration.ts"
import { isExplaining } from "../../internal/explaining.ts"
import { noEvents } from "../../internal/log.ts"
import { memoizeLast } from "../../internal/memoize-last.ts"
import { isOutageStatus } from "../../internal/outage-status.ts"
import { circuitGauge } from "../../internal/telemetry.ts"
import { clockOf } from "../../internal/time.ts"
import { isOutage, type Reason } from "../../ports/errors.ts"
import type { Events } from "../../ports/log.ts"
import type { CircuitBreakerOptions } from "../../ports/policies.ts"
import type { Transport, TransportRequest, TransportResponse } from "../../ports/transport.ts"
import { originOf } from "./origin.ts"

/** The circuit of one origin: closed below the limit of failures, then open, then half-open while one request tests it. */
interface Circuit {
  failures: number
  /** In milliseconds since 1970. */
  openUntil: number
  /** When the testing request was sent; `undefined` if none is in flight. */
  testedAt: number | undefined
  /** The last failure: the members that the errors of the open circuit repeat. */
  lastFailure: LastFailure | undefined
  /** Reports that the circuit has opened (1) or closed (0). */
  readonly report: (state: 0 | 1, failures: number, fiber: CallFiber) => void
}

type LastFailure = Pick<Extract<Reason, { readonly _tag: "Unavailable" }>, "detail" | "permanent">

interface Limits {
  readonly failures: number
  /** In milliseconds. */
  readonly openFor: number
}

type CallFiber = Fiber.Fiber<unknown, unknown>

/**
 * Adds a circuit breaker to a transport.
 *
 * After a number of failures in a row (no response, or a status of an outage: 5xx, 408 or 425), requests to the origin
 * fail at once. After `openFor`, one request tests the origin, and its result closes or opens the circuit again.
 */
export const circuitBreaker =
  (provider: string, { failures = 5, openFor = "5 seconds" }: CircuitBreakerOptions = {}, events: Events = noEvents) =>
  (transport: Transport): Transport => {
    const limits = { failures, openFor: toMillis(openFor) }
    const circuits = new Map<string, Circuit>()
    const circuitOf = memoizeLast((url: string): Circuit => {
      const origin = originOf(url)
      const existing = circuits.get(origin)
      if (existing !== undefined) return existing
      const created = {
        failures: 0,
        openUntil: 0,
        testedAt: undefined,
        lastFailure: undefined,
        report: reporter(provider, origin, events),
      }
      circuits.set(origin, created)
      return created
    })
    return {
      send: (request) =>
        Effect.withFiber((fiber) => {
          if (isExplaining(fiber)) return transport.send(request)
          const circuit = circuitOf(request.url)
          if (circuit.failures >= failures) return sendTest(circuit, limits, fiber, transport, request)
          return Effect.onExitPrimitive(transport.send(request), (exit) => {
            record(circuit, limits, exit, fiber, false)
            return undefined
          })
        }),
    }
  }

/** Makes the reports of one circuit: a gauge, and an event for each change. */
const reporter = (provider: string, origin: string, events: Events): Circuit["report"] => {
  const gauge = circuitGauge({ provider, origin })
  let reported: 0 | 1 = 0
  return (state, failures, fiber) => {
    gauge(state, fiber.context)
    if (state === reported) return
    reported = state
    events.emit(
      state === 1 ? { _tag: "CircuitOpened", provider, origin, failures } : { _tag: "CircuitClosed", provider, origin },
      fiber,
    )
  }
}

/** Sends the request that tests an origin, or fails because the circuit is open. */
const sendTest = (
  circuit: Circuit,
  limits: Limits,
  fiber: CallFiber,
  transport: Transport,
  request: TransportRequest,
): Effect.Effect<TransportResponse, Reason> => {
  const { openFor } = limits
  let sentAt: number | undefined
  // Checking and marking are one step, so that every request that is marked is also unmarked.
  const sent = Effect.suspend(() => {
    const now = nowOf(fiber)
    const remaining = circuit.openUntil - now
    const isOpen = remaining > 0 && remaining <= openFor
    // A testing request that hangs does not block the next one for longer than `openFor`. If the clock has moved back, the
    // circuit does not stay open for longer either.
    const testedFor = now - (circuit.testedAt ?? Number.NEGATIVE_INFINITY)
    const isBeingTested = testedFor >= 0 && testedFor < openFor
    if (isOpen || isBeingTested) return Effect.fail(openCircuit(circuit, remaining))
    sentAt = now
    circuit.testedAt = now
    return transport.send(request)
  })
  return Effect.onExitPrimitive(sent, (exit) => {
    if (sentAt === undefined) return undefined
    if (circuit.testedAt === sentAt) circuit.testedAt = undefined
    record(circuit, limits, exit, fiber, true)
    return undefined
  })
}

const record = (
  circuit: Circuit,
  { failures, openFor }: Limits,
  exit: Exit.Exit<TransportResponse, Reason>,
  fiber: CallFiber,
  isTest: boolean,
): void => {
  const outcome = outcomeOf(exit)
  if (outcome === "responded") {
    if (circuit.failures >= failures) circuit.report(0, circuit.failures, fiber)
    circuit.failures = 0
  }
  // A request that was in flight when the circuit opened adds no information.
  if (outcome !== "failed" || (circuit.failures >= failures && !isTest)) return
  circuit.failures += 1
  circuit.lastFailure = failureOf(exit)
  if (circuit.failures < failures) return
  circuit.openUntil = nowOf(fiber) + openFor
  circuit.report(1, circuit.failures, fiber)
}

const nowOf = (fiber: CallFiber): number => clockOf(fiber).currentTimeMillisUnsafe()

const outcomeOf = (exit: Exit.Exit<TransportResponse, Reason>): "responded" | "failed" | "unknown" => {
  if (Exit.isSuccess(exit)) return isOutageStatus(exit.value.status) ? "failed" : "responded"
  const error = errorOf(exit)
  return error?._tag === "Unavailable" && isOutage(error) ? "failed" : "unknown"
}

const errorOf = (exit: Exit.Exit<TransportResponse, Reason>): Reason | undefined =>
  Exit.isSuccess(exit) ? undefined : exit.cause.reasons.find((reason) => reason._tag === "Fail")?.error

const failureOf = (exit: Exit.Exit<TransportResponse, Reason>): LastFailure | undefined => {
  if (Exit.isSuccess(exit)) return { detail: `HTTP ${exit.value.status}` }
  const error = errorOf(exit)
  return error?._tag === "Unavailable" ? error : undefined
}

/** The last failure says what to do, and whether an operator must do it. */
const openCircuit = ({ failures, lastFailure }: Circuit, remaining: number): Reason => ({
  _tag: "Unavailable",
  detail: `circuit open after ${failures} failures in a row${lastFailure ? `; last failure: ${lastFailure.detail}` : ""}`,
  after: Duration.millis(Math.max(0, remaining)),
  ...(lastFailure?.permanent && { permanent: true }),
})
