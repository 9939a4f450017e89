/** Reading and printing durations. */
import * as Duration from "effect/Duration"
import type { DurationInput, DurationUnit } from "../ports/duration.ts"

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const week = 7 * day

/** The milliseconds of each unit. */
const units: Readonly<Record<DurationUnit, number>> = {
  ...{ nano: 1e-6, nanos: 1e-6, micro: 1e-3, micros: 1e-3 },
  ...{ ms: 1, milli: 1, millis: 1, millisecond: 1, milliseconds: 1 },
  ...{ s: second, second, seconds: second },
  ...{ m: minute, minute, minutes: minute },
  ...{ h: hour, hour, hours: hour },
  ...{ d: day, day, days: day },
  ...{ week, weeks: week },
}

/** Converts a duration to milliseconds; `undefined` for anything else, and for an infinite or negative duration. */
export const millisOf = (value: unknown): number | undefined => {
  const millis = typeof value === "string" ? parsed(value) : Duration.isDuration(value) ? Duration.toMillis(value) : -1
  return millis >= 0 && millis < Number.POSITIVE_INFINITY ? millis : undefined
}

const parsed = (text: string): number => {
  const [, count, unit = ""] = /^\s*(\d+(?:\.\d+)?) *([a-z]+)\s*$/.exec(text) ?? []
  return count !== undefined && Object.hasOwn(units, unit) ? Number(count) * units[unit as DurationUnit] : -1
}

/** Converts a duration to milliseconds. Throws a `TypeError` for anything else. */
export const toMillis = (duration: DurationInput): number => {
  const millis = millisOf(duration)
  if (millis === undefined) throw new TypeError(durationExpected(duration))
  return millis
}

/** Converts a duration to seconds. Throws a `TypeError` for anything else. */
export const toSeconds = (duration: DurationInput): number => toMillis(duration) / second

/**
 * Returns the message for a value that is not a duration. A short number is repeated, because it cannot be a secret.
 */
export const durationExpected = (value: unknown): string => {
  const expected = "expected a duration with a unit, such as"
  const number = ["number", "bigint", "string"].includes(typeof value) ? String(value).trim() : ""
  return /^\d{1,9}(\.\d{1,9})?$/.test(number)
    ? `${expected} "${number} seconds" or "${number} millis"; found ${number}, which could mean either`
    : `${expected} "5 seconds" or "300 millis", finite and not negative`
}

/** Prints milliseconds in the largest unit that divides them, as `millisOf` reads it. */
export const printDuration = (millis: number): string => {
  const printed = [
    ["day", day],
    ["hour", hour],
    ["minute", minute],
    ["second", second],
  ] as const
  const [unit, size] = printed.find(([, each]) => millis >= each && millis % each === 0) ?? ["millis", 1]
  const count = millis / size
  return `${count} ${unit}${size === 1 || count === 1 ? "" : "s"}`
}
