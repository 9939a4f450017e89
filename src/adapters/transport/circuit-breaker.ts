/** Leaving an origin alone that does not answer: fast failures for us, and peace for whoever mends it. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import { isRetryable, type Reason } from "../../ports/errors.ts"
import { latest } from "../../internal/memoize-last.ts"
import type { BreakerOptions } from "../../ports/policies.ts"
import { gaugeBreaker, type Write } from "../../internal/telemetry.ts"
import type { Transport, TransportRequest, TransportResponse } from "../../ports/transport.ts"
import { originOf } from "./origin.ts"

/** One origin's: closed below the limit of failures, open until a time, then half open while one request tries it. */
interface Circuit {
  failures: number
  openUntil: number
  /** When the request that tries it was sent; `undefined` while there is none. */
  probedAt: number | undefined
  readonly gauge: Write<number>
}

/**
 * Puts a breaker into a door. After some failures in a row (no answer, or a status from 500 on) an origin is not asked
 * for a while; then one request tries it, and its answer decides for all.
 *
 * It stands in the door because that is where an origin is known: one vendor may have several.
 */
export const breaker =
  (provider: string, { failures = 5, coolDown = "5 seconds" }: BreakerOptions = {}) =>
  (door: Transport): Transport => {
    const circuits = new Map<string, Circuit>()
    const pause = Duration.toMillis(Duration.fromInputUnsafe(coolDown))

    const circuitOf = latest((url: string): Circuit => {
      const origin = originOf(url)
      const known = circuits.get(origin)
      if (known !== undefined) return known
      const made = { failures: 0, openUntil: 0, probedAt: undefined, gauge: gaugeBreaker({ provider, origin }) }
      circuits.set(origin, made)
      return made
    })

    const note = (
      circuit: Circuit,
      exit: Exit.Exit<TransportResponse, Reason>,
      fiber: Caller,
      isProbe: boolean,
    ): void => {
      const judged = verdict(exit)
      if (judged === "answered") {
        if (circuit.failures >= failures) circuit.gauge(0, fiber.context)
        circuit.failures = 0
      }
      // What was under way when it opened says nothing that is not known.
      if (judged !== "failed" || (circuit.failures >= failures && !isProbe)) return
      circuit.failures += 1
      if (circuit.failures < failures) return
      circuit.openUntil = nowOf(fiber) + pause
      circuit.gauge(1, fiber.context)
    }

    const half = (circuit: Circuit, fiber: Caller, request: TransportRequest) => {
      let mine: number | undefined
      // To be counted in and to be let in is one step, so that whoever is counted in is counted out.
      const sent = Effect.suspend(() => {
        const now = nowOf(fiber)
        // A clock that was set back must not keep it open for longer than it was meant to be. And a request that tries it
        // and hangs is not waited for: after another pause the next one may try.
        const left = circuit.openUntil - now
        const out = now - (circuit.probedAt ?? Number.NEGATIVE_INFINITY)
        if ((left > 0 && left <= pause) || (out >= 0 && out < pause)) return Effect.fail(open(circuit, left))
        mine = now
        circuit.probedAt = now
        return door.send(request)
      })
      return Effect.onExitPrimitive(sent, (exit) => {
        if (mine === undefined) return undefined
        if (circuit.probedAt === mine) circuit.probedAt = undefined
        note(circuit, exit, fiber, true)
        return undefined
      })
    }

    return {
      send: (request) =>
        Effect.withFiber((fiber) => {
          const circuit = circuitOf(request.url)
          if (circuit.failures >= failures) return half(circuit, fiber, request)
          return Effect.onExitPrimitive(door.send(request), (exit) => {
            note(circuit, exit, fiber, false)
            return undefined
          })
        }),
    }
  }

type Caller = Fiber.Fiber<unknown, unknown>

const nowOf = (fiber: Caller): number => fiber.getRef(Clock.Clock).currentTimeMillisUnsafe()

const verdict = (exit: Exit.Exit<TransportResponse, Reason>): "answered" | "failed" | "unknown" => {
  if (Exit.isSuccess(exit)) return exit.value.status >= 500 ? "failed" : "answered"
  const failed = exit.cause.reasons.find((each) => each._tag === "Fail")
  return failed?.error._tag === "Unavailable" && isRetryable(failed.error) ? "failed" : "unknown"
}

const open = ({ failures }: Circuit, left: number): Reason => ({
  _tag: "Unavailable",
  detail: `not asked: no answer ${failures} times in a row`,
  after: Duration.millis(Math.max(0, left)),
})
