/** Durations in a configuration and in the arguments of calls. */
import type * as Duration from "effect/Duration"

/**
 * A duration: a text of a number and its unit, such as `"5 seconds"`, `"300 millis"`, `"5s"` or `"300ms"`, or a `Duration`
 * of Effect. It is finite and not negative. A bare number has no unit, so it is rejected; `m` means minutes.
 */
export type DurationInput = `${number}${"" | " "}${DurationUnit}` | Duration.Duration

/** The units of a duration: those of Effect, and the usual abbreviations. */
export type DurationUnit =
  | ("nano" | "nanos")
  | ("micro" | "micros")
  | ("ms" | "milli" | "millis" | "millisecond" | "milliseconds")
  | ("s" | "second" | "seconds")
  | ("m" | "minute" | "minutes")
  | ("h" | "hour" | "hours")
  | ("d" | "day" | "days")
  | ("week" | "weeks")
