/** Durations in a configuration and in arguments, as schemas. */
import { z } from "zod"
import { durationExpected, millisOf, toMillis } from "../../../internal/duration.ts"
import type { DurationInput } from "../../../ports/duration.ts"

/** A duration that fulfills a condition. The value is not converted: it is read once, where it is used. */
const duration = (isValid: (millis: number) => boolean, message: string): z.ZodType<DurationInput, DurationInput> =>
  z
    .custom<DurationInput>(
      (value) => {
        const millis = millisOf(value)
        return millis !== undefined && isValid(millis)
      },
      { error: ({ input }) => (millisOf(input) === undefined ? durationExpected(input) : message) },
    )
    .meta({ notation: "duration" })

/** A duration between two limits. */
export const durationBetween = (
  shortest: DurationInput,
  longest: DurationInput,
): z.ZodType<DurationInput, DurationInput> => {
  const [least, most] = [toMillis(shortest), toMillis(longest)]
  const isInRange = (millis: number) => millis >= least && millis <= most
  return duration(isInRange, `expected a duration from ${String(shortest)} to ${String(longest)}`)
}

/** The largest delay of a timer, in milliseconds: about 24 days. */
const longestDelay = 2 ** 31 - 1

/** A duration after which a timer ends something. */
export const timeLimit = duration(
  (millis) => millis > 0 && millis <= longestDelay,
  "expected a duration of more than 0 and at most 24 days",
)

/** A duration of any length. */
export const anyDuration = duration(() => true, "")

/** A duration that is sent in seconds. */
export const wholeSeconds = duration(
  (millis) => Number.isSafeInteger(millis) && millis % 1000 === 0,
  'expected a duration of whole seconds, such as "90 seconds" or "15 minutes"',
)
