/** Durations in the options of the emulators. */
import * as Duration from "effect/Duration"
import type { DurationInput } from "latchkey"

/** Members in seconds, as durations with a unit. */
export type Durations<Seconds> = { readonly [Name in keyof Seconds]: DurationInput }

/** The seconds of each unit. */
const units: ReadonlyArray<readonly [pattern: RegExp, seconds: number]> = [
  [/^nanos?$/, 1e-9],
  [/^micros?$/, 1e-6],
  [/^(ms|milli(second)?s?)$/, 1e-3],
  [/^(s|seconds?)$/, 1],
  [/^(m|minutes?)$/, 60],
  [/^(h|hours?)$/, 3600],
  [/^(d|days?)$/, 86_400],
  [/^weeks?$/, 604_800],
]

/** Converts durations to seconds. Throws a `TypeError` that names the option for a text without a unit. */
export const inSeconds = <Seconds extends object>(
  option: string,
  durations: Partial<Durations<Seconds>> = {},
): { [Name in keyof Seconds]?: number } =>
  Object.fromEntries(
    Object.entries(durations)
      .filter(([, duration]) => duration !== undefined)
      .map(([name, duration]) => [name, secondsOf(`${option}.${name}`, duration)]),
  ) as { [Name in keyof Seconds]?: number }

/** Converts a duration to seconds. Throws a `TypeError` that names the option for a text without a unit. */
export const secondsOf = (option: string, duration: unknown): number => {
  const seconds = typeof duration === "string" ? parsed(duration) : Duration.isDuration(duration) ? of(duration) : -1
  if (seconds >= 0 && seconds < Number.POSITIVE_INFINITY) return seconds
  const expected = `${option}: expected a duration with a unit, such as`
  throw new TypeError(
    typeof duration === "number"
      ? `${expected} "${duration} seconds" or "${duration} millis"; found ${duration}, which could mean either`
      : `${expected} "5 seconds" or "300 millis", finite and not negative`,
  )
}

const of = (duration: Duration.Duration): number => Duration.toMillis(duration) / 1000

const parsed = (text: string): number => {
  const [, count, unit = ""] = /^\s*(\d+(?:\.\d+)?) *([a-z]+)\s*$/.exec(text) ?? []
  const [, seconds = -1] = units.find(([pattern]) => pattern.test(unit)) ?? []
  return count === undefined ? -1 : Number(count) * seconds
}
