/** Durations in a configuration. */
import type * as Duration from "effect/Duration"
import { z } from "zod"
import { toMillis } from "../../../internal/time.ts"

/** A number of milliseconds, a text such as `"5 seconds"`, or a `Duration` of Effect. */
export type DurationInput = Duration.Input

/** Converts a duration to milliseconds; `undefined` for anything else. */
export const millisOf = (value: unknown): number | undefined => {
  try {
    return toMillis(value as DurationInput)
  } catch {
    return undefined
  }
}

/** A duration that fulfills a condition, converted to milliseconds. */
export const duration = (isValid: (millis: number) => boolean, message: string) => {
  const check = (value: unknown): boolean => {
    const millis = millisOf(value)
    return millis !== undefined && isValid(millis)
  }
  return z
    .union([z.number(), z.custom<DurationInput>(check)], message)
    .refine(check, message)
    .transform(toMillis)
}

/** A duration between two limits, converted to milliseconds. */
export const durationBetween = (shortest: DurationInput, longest: DurationInput) => {
  const [least, most] = [toMillis(shortest), toMillis(longest)]
  const isInRange = (millis: number) => millis >= least && millis <= most
  return duration(isInRange, `expected a duration from ${String(shortest)} to ${String(longest)}`)
}
