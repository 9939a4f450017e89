/** How long a server asks its clients to wait. */
import * as Duration from "effect/Duration"
import type { TransportResponse } from "../../../ports/transport.ts"

/** The wait, under any of the names in use; two of them only say so where the server refused for that. */
export const after = ({ status, headers }: TransportResponse): { readonly after?: Duration.Duration } => {
  const names = status === 429 ? ["retry-after", "ratelimit-reset", "x-ratelimit-reset"] : ["retry-after"]
  const seconds = names.map((name) => secondsOf(headers[name] ?? "")).find((each) => each !== undefined)
  return seconds === undefined ? {} : { after: Duration.seconds(Math.max(0, Math.ceil(seconds))) }
}

/** Numbers from here on are no waits but times: seconds since 1970, or milliseconds. */
const epoch = { seconds: 1e9, millis: 1e11 }

/** Nobody waits for longer, and a time that is further off is none. */
const longest = 86_400

/** A number of seconds, or the first of several; a time; or a date (RFC 9110 section 5.6.7). */
const secondsOf = (value: string): number | undefined => {
  const text = /^\s*(\d+(?:\.\d+)?)\s*(?:[,;]|$)/.exec(value)?.[1]
  const now = Date.now() / 1000
  if (text !== undefined) {
    const number = Number(text)
    const wait = number < epoch.seconds ? number : (number < epoch.millis ? number : number / 1000) - now
    return Math.min(wait, longest)
  }
  const date = /^\s*(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? \S/.test(value) ? Date.parse(value) / 1000 : Number.NaN
  return Number.isNaN(date) ? undefined : Math.min(date - now, longest)
}
