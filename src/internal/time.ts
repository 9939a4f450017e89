/** Clocks and ages. */
import * as Clock from "effect/Clock"
import type * as Fiber from "effect/Fiber"

/** Returns the clock of a fiber. Reading it directly costs less than an effect. */
export const clockOf = (fiber: Fiber.Fiber<unknown, unknown>): Clock.Clock => fiber.getRef(Clock.Clock)

/** Returns the milliseconds from `then` to `now`; infinite when the clock has moved back before `then`. */
export const ageOf = (then: number, now: number): number => (now < then ? Number.POSITIVE_INFINITY : now - then)
