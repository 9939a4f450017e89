/** The pause that a server requests. */
import * as Duration from "effect/Duration"
import type { TransportResponse } from "../../../ports/transport.ts"

/**
 * Returns the pause that a response requests, in `Retry-After` or, only for a 429, in a rate limit header: with other
 * statuses those headers describe the limit, not a pause.
 */
export const retryAfter = ({ status, headers }: TransportResponse): { readonly after?: Duration.Duration } => {
  const names =
    status === 429 ? ["retry-after", "x-retry-after", "ratelimit-reset", "x-ratelimit-reset"] : ["retry-after"]
  const seconds = names.map((name) => secondsOf(headers[name] ?? "")).find((each) => each !== undefined)
  return seconds === undefined ? {} : { after: Duration.seconds(Math.max(0, Math.ceil(seconds))) }
}

/** Larger numbers are times, not pauses: seconds, or milliseconds, since 1970. */
const epoch = { seconds: 1e9, millis: 1e11 }

/** The longest pause, in seconds. A longer one, or a later time, is reduced to it. */
const longest = 86_400

/** Parses a number of seconds (the first of several), a time as a number, or a date (RFC 9110 section 5.6.7). */
const secondsOf = (value: string): number | undefined => {
  const digits = /^\s*(\d+(?:\.\d+)?)\s*(?:[,;]|$)/.exec(value)?.[1]
  const now = Date.now() / 1000
  if (digits !== undefined) {
    const number = Number(digits)
    const pause = number < epoch.seconds ? number : (number < epoch.millis ? number : number / 1000) - now
    return Math.min(pause, longest)
  }
  const date = /^\s*(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? \S/.test(value) ? Date.parse(value) / 1000 : Number.NaN
  return Number.isNaN(date) ? undefined : Math.min(date - now, longest)
}
