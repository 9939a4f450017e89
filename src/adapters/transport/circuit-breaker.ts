/** A circuit breaker for each origin: it stops requests to an origin that does not answer. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import { addressIn, currentCall } from "../../internal/current-call.ts"
import { isExplaining } from "../../internal/explaining.ts"
import { memoizeLast } from "../../internal/memoize-last.ts"
import { openCircuit } from "../../internal/open-circuit.ts"
import { isRepeat } from "../../internal/repeated-call.ts"
import { circuitGauge } from "../../internal/telemetry.ts"
import { ageOf, clockOf } from "../../internal/time.ts"
import { closed, type Reason } from "../../ports/errors.ts"
import type { Events } from "../../ports/events.ts"
import type { Operation } from "../../ports/provider.ts"
import type { Tenant } from "../../ports/telemetry.ts"
import type { Transport, TransportRequest, TransportResponse } from "../../ports/transport.ts"
import { slowAfter } from "./call-window.ts"
import { Circuit } from "./circuit.ts"
import type { Surroundings, Verdict } from "./circuit-surroundings.ts"
import { originOf } from "./origin.ts"

/** A transport that may be told which operation sends a request, to read the response as that operation does. */
export interface JudgedTransport extends Transport {
  readonly send: (request: TransportRequest, operation?: Operation) => Effect.Effect<TransportResponse, Reason>
  /** Returns the circuit of an origin to which a request was sent. Absent without a circuit breaker. */
  readonly circuitOf?: (origin: string) => Pick<Circuit, "health"> | undefined
}

/** latchkey's own request to an origin. */
export interface OwnRequest {
  readonly request: TransportRequest
  /** The operation that the response is judged by; absent: by its status alone. */
  readonly operation?: Operation
}

export interface CircuitBreakerParts {
  readonly tenant: Tenant
  readonly events: Events
  /** Returns the request that tests whether an origin answers. */
  readonly ownRequest: (origin: string) => Effect.Effect<OwnRequest>
  /** Returns the text of an outage that a response reports; `undefined` for any other response. */
  readonly outageIn: (response: TransportResponse, operation: Operation | undefined) => string | undefined
}

/**
 * Adds a circuit breaker to a transport.
 *
 * It records the address of each request in its call. It counts the calls to each origin, and those that failed: no response, or one that reports an outage. The requests of
 * callers never open or close a circuit; see `Circuit`. Closing the scope ends latchkey's own requests.
 */
export const circuitBreaker =
  (parts: CircuitBreakerParts) =>
  (transport: Transport): Effect.Effect<JudgedTransport, never, Scope.Scope> =>
    Effect.map(background, (tasks) => {
      const circuits = new Map<string, Circuit>()
      const circuitOf = memoizeLast((url: string): Circuit => {
        const origin = originOf(url)
        const existing = circuits.get(origin)
        if (existing !== undefined) return existing
        const created = makeCircuit(origin, parts, transport, tasks)
        circuits.set(origin, created)
        return created
      })
      return {
        circuitOf: (origin) => circuits.get(origin),
        send: (request, operation) =>
          Effect.withFiber((fiber) => {
            const call = currentCall(fiber)
            if (call !== undefined) call.url = request.url
            if (tasks.isClosed || isExplaining(fiber)) return transport.send(request)
            const circuit = circuitOf(request.url)
            const clock = clockOf(fiber)
            const sentAt = clock.currentTimeMillisUnsafe()
            if (circuit.refuses(sentAt, request.timeout, fiber))
              return Effect.fail(openCircuit(circuit.lastFailure, ageOf(circuit.askedAt, sentAt)))
            const sent = transport.send(request)
            const slice = isRepeat(fiber) ? undefined : circuit.begin(sentAt, fiber)
            return Effect.onExitPrimitive(sent, (exit) => {
              // Several requests may be in flight: the address of the call is that of the request which ended last.
              if (call !== undefined && !Exit.hasInterrupts(exit)) call.url = request.url
              if (isUsual(exit)) {
                circuit.answered(slice)
                return undefined
              }
              const now = clock.currentTimeMillisUnsafe()
              circuit.end(slice, verdictOn(exit, operation, parts, now - sentAt), now, fiber)
              return undefined
            })
          }),
      }
    })

const makeCircuit = (origin: string, parts: CircuitBreakerParts, transport: Transport, tasks: Background): Circuit => {
  let askedAt: string | undefined
  const ask = Effect.flatMap(parts.ownRequest(origin), ({ request, operation }) => {
    askedAt = request.url
    return Effect.map(Effect.exit(transport.send(request)), (exit) => verdictOn(exit, operation, parts, 0))
  })
  return new Circuit({ ask, fork: tasks.fork, report: reporter(origin, parts, () => askedAt) })
}

/** Makes the reports of one circuit: a gauge, and an event for each change. `askedAt`: the URL of the own request. */
const reporter = (
  origin: string,
  { tenant, events }: CircuitBreakerParts,
  askedAt: () => string | undefined,
): Surroundings["report"] => {
  const { provider } = tenant
  const gauge = circuitGauge(events, tenant, origin)
  return (opened, fiber) => {
    gauge(opened === undefined ? 0 : 1, fiber.context)
    if (opened === undefined) return events.emit({ _tag: "CircuitClosed", provider, origin }, fiber)
    const { failures, last } = opened
    events.emit(
      { _tag: "CircuitOpened", provider, origin, failures, detail: last.detail, ...addressIn({ url: askedAt() }) },
      fiber,
    )
  }
}

/** Whether an exchange has the usual response, which no vendor's table reads otherwise. */
const isUsual = (exit: Exit.Exit<TransportResponse, Reason>): boolean =>
  exit._tag === "Success" &&
  exit.value.status === 200 &&
  exit.value.headers["content-type"]?.startsWith("application/json") === true

/** Judges an exchange that ended after `waited` milliseconds. */
const verdictOn = (
  exit: Exit.Exit<TransportResponse, Reason>,
  operation: Operation | undefined,
  { outageIn }: CircuitBreakerParts,
  waited: number,
): Verdict => {
  if (isUsual(exit)) return "answered"
  if (Exit.isSuccess(exit)) {
    const failure = outageIn(exit.value, operation)
    return failure === undefined ? "answered" : { failure: { detail: failure } }
  }
  const reason = exit.cause.reasons.find((each) => each._tag === "Fail")?.error
  if (reason !== undefined) return verdictOnReason(reason)
  return Exit.hasInterrupts(exit) && waited >= slowAfter
    ? { failure: { detail: `no response within ${waited} ms` } }
    : "nothing"
}

/** A broken or too large response is an answer. For any other reason this process sent nothing. */
const verdictOnReason = (reason: Reason): Verdict => {
  if (reason._tag === "Unavailable") return reason === closed ? "nothing" : { failure: reason }
  return reason._tag === "UnexpectedResponse" ? "answered" : "nothing"
}

/** Runs effects that outlive the call that started them. */
interface Background {
  readonly fork: (effect: Effect.Effect<void>, context: Context.Context<never>) => void
  isClosed: boolean
}

/** Closing the scope interrupts the running effects. */
const background: Effect.Effect<Background, never, Scope.Scope> = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => {
      const running = new Set<Fiber.Fiber<void>>()
      const tasks: Background = {
        isClosed: false,
        fork: (effect, context) => {
          if (tasks.isClosed) return
          const fiber = Effect.runForkWith(context)(effect)
          running.add(fiber)
          fiber.addObserver(() => running.delete(fiber))
        },
      }
      return { tasks, running }
    }),
    ({ tasks, running }) => {
      tasks.isClosed = true
      return Fiber.interruptAll(running)
    },
  ),
  ({ tasks }) => tasks,
)
