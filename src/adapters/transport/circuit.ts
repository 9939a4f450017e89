/**
 * The circuit of one origin. It counts calls, tests the origin when many fail, and is open while the origin does not
 * answer.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Tracer from "effect/Tracer"
import { askingPause, type Failure } from "../../internal/open-circuit.ts"
import { ageOf, clockOf } from "../../internal/time.ts"
import type { CircuitHealth } from "../../ports/health.ts"
import { CallWindow, type Slice } from "./call-window.ts"
import type { CallFiber, Surroundings, Verdict } from "./circuit-surroundings.ts"
import { pauseQuietly } from "./quiet-pause.ts"

/** The smallest number of calls that can start a test of the origin. */
const leastCalls = 5

/** How long latchkey tests an origin without calls, in milliseconds. */
const idleAfter = 10_000

const noResponse: Failure = { detail: "no response" }

/**
 * Only latchkey's own requests open and close a circuit, because an attacker may choose what callers send. When half of
 * at least five calls within ten seconds fail, latchkey sends a request of its own, once a second at most. If the
 * origin answers, the window starts again; if it does not, the circuit opens.
 */
export class Circuit {
  lastFailure: Failure = noResponse
  /** When the latest own request was sent. Times are milliseconds since 1970. */
  askedAt = Number.NEGATIVE_INFINITY
  #isOpen = false
  #changedAt: number | undefined
  readonly #window = new CallWindow()
  readonly #surroundings: Surroundings
  /** When the first of the own requests that wait was sent. */
  #unansweredSince: number | undefined
  #answeredAt: number | undefined
  /** Whether a call was answered since `#answeredAt` was set. */
  #wasAnswered = true
  #refusedAt = 0
  #keepsAsking = false
  /** Counts how often the circuit was closed. The result of an own request from before that is ignored. */
  #generation = 0

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
  }

  /** Whether a request fails at once. `patience`: how long an exchange may take, in milliseconds. */
  refuses(now: number, patience: number, fiber: CallFiber): boolean {
    if (!this.#isOpen) {
      if (!this.#isSilent(now, patience)) return false
      this.lastFailure = noResponse
      this.#open(now, fiber)
    }
    // The state of an origin without recent calls is unknown.
    if (ageOf(this.#refusedAt, now) > idleAfter) this.#close(fiber)
    else this.#ask(now, fiber)
    if (!this.#isOpen) return false
    this.#refusedAt = now
    this.#keepAsking(fiber)
    return true
  }

  /** Returns the state of the circuit at the time `now`. It changes nothing. */
  health(now: number): CircuitHealth {
    return {
      state: this.#isOpen ? "open" : "closed",
      ...(this.#changedAt !== undefined && { since: new Date(this.#changedAt) }),
      ...(this.#isOpen && { asksAgainAt: new Date(Math.max(now, this.askedAt + askingPause)) }),
    }
  }

  /** Counts a call that is sent, and returns its slice. */
  begin(now: number, fiber: CallFiber): Slice {
    const slice = this.#window.at(now)
    if (slice.answered + slice.failed + slice.waiting === 0) this.#askIfSuspicious(now, fiber)
    slice.waiting += 1
    return slice
  }

  /** Counts a call that was answered. It reads no clock, because nearly every call ends here. */
  answered(slice: Slice | undefined): void {
    this.#wasAnswered = true
    if (slice === undefined) return
    slice.waiting -= 1
    slice.answered += 1
  }

  /** Counts the end of any other call. `slice`: what `begin` returned; `undefined` for the repeat of a call. */
  end(slice: Slice | undefined, verdict: Verdict, now: number, fiber: CallFiber): void {
    if (verdict === "answered") this.answered(slice)
    if (slice === undefined || verdict === "answered") return
    slice.waiting -= 1
    if (verdict === "nothing") return
    this.#window.at(now).failed += 1
    if (this.#isOpen) return
    this.lastFailure = verdict.failure
    this.#askIfSuspicious(now, fiber)
  }

  #askIfSuspicious(now: number, fiber: CallFiber): void {
    if (this.#isOpen) return
    const { calls, failed } = this.#window.count(now)
    if (calls >= leastCalls && failed * 2 >= calls) this.#ask(now, fiber)
  }

  /**
   * Whether no request, own requests included, was answered for as long as an exchange may take. Then the circuit does
   * not wait for the result of the own request.
   */
  #isSilent(now: number, patience: number): boolean {
    const answeredAt = this.#lastAnswer(now)
    return (
      this.#unansweredSince !== undefined && now - this.#unansweredSince >= askingPause && now - answeredAt >= patience
    )
  }

  /** Returns the time of the last answer, or somewhat later; for a new circuit, the present time. */
  #lastAnswer(now: number): number {
    if (this.#wasAnswered || this.#answeredAt === undefined) this.#answeredAt = now
    this.#wasAnswered = false
    return this.#answeredAt
  }

  /** Sends an own request, unless the last one was sent within a second. */
  #ask(now: number, fiber: CallFiber): void {
    if (ageOf(this.askedAt, now) < askingPause) return
    this.askedAt = now
    this.#unansweredSince ??= now
    const generation = this.#generation
    const asked = Effect.withFiber((own) =>
      Effect.onExitPrimitive(this.#surroundings.ask, (exit) => {
        this.#conclude(Exit.isSuccess(exit) ? exit.value : "nothing", now, generation, own)
        return undefined
      }),
    )
    this.#surroundings.fork(Effect.asVoid(asked), withoutSpan(fiber))
  }

  /** Takes the result of an own request that was sent at `sentAt`. */
  #conclude(verdict: Verdict, sentAt: number, generation: number, own: CallFiber): void {
    const now = clockOf(own).currentTimeMillisUnsafe()
    this.#unansweredSince = undefined
    if (verdict === "nothing") return
    if (verdict === "answered") {
      this.#answeredAt = now
      this.#close(own)
      return
    }
    if (generation !== this.#generation) return
    // A later request was answered while this one was in flight.
    if (this.#lastAnswer(now) - sentAt >= askingPause) return
    this.lastFailure = verdict.failure
    this.#open(now, own)
  }

  #close(fiber: CallFiber): void {
    this.#window.restart()
    this.#generation += 1
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#changedAt = clockOf(fiber).currentTimeMillisUnsafe()
    this.#unansweredSince = undefined
    this.#surroundings.report(undefined, fiber)
  }

  #open(now: number, fiber: CallFiber): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#changedAt = now
    this.#refusedAt = now
    this.#surroundings.report({ failures: this.#window.count(now).failed, last: this.lastFailure }, fiber)
    this.#keepAsking(fiber)
  }

  /** Sends an own request each second until the origin answers. Closes the circuit after ten seconds without a call. */
  #keepAsking(fiber: CallFiber): void {
    if (this.#keepsAsking) return
    this.#keepsAsking = true
    const next: Effect.Effect<void> = Effect.withFiber((own) => {
      const now = clockOf(own).currentTimeMillisUnsafe()
      if (this.#isOpen && ageOf(this.#refusedAt, now) > idleAfter) this.#close(own)
      if (!this.#isOpen) return Effect.void
      this.#ask(now, own)
      return Effect.andThen(pauseQuietly(askingPause - ageOf(this.askedAt, now)), next)
    })
    const asking = Effect.onExitPrimitive(next, () => {
      this.#keepsAsking = false
      return undefined
    })
    this.#surroundings.fork(asking, withoutSpan(fiber))
  }
}

/** An own request may outlive the span of the caller that caused it. */
const withoutSpan = ({ context }: CallFiber): Context.Context<never> => Context.omit(Tracer.ParentSpan)(context)
