/** Turns results into text that can be compared: names for addresses and ids, times relative to now. */
import * as Duration from "effect/Duration"
import { AuthError } from "latchkey"
import { client, lifetime, user } from "./fixture.ts"

/** Values as text, by the member of a result or by the call; a missing member has no entry. */
export type Observations = Readonly<Record<string, string>>

/** Members that are not compared: the vendor's own data, and the source of the result. */
const ignored: ReadonlySet<string> = new Set(["claims", "raw", "source"])

/** Members that the vendor generates, with a new value each time. */
const generated: ReadonlySet<string> = new Set([
  "accessToken",
  "refreshToken",
  "idToken",
  "idTokenHint",
  "tokenId",
  "secret",
  "registration",
])

const isNear = (seconds: number, expected: number): boolean => Math.abs(seconds - expected) < 60

const time = (date: Date): string => {
  const seconds = (date.getTime() - Date.now()) / 1000
  if (isNear(seconds, 0)) return "now"
  return isNear(seconds, lifetime) ? "an hour from now" : `${Math.round(seconds)} seconds from now`
}

const textOf = (value: unknown, names: ReadonlyMap<unknown, string>): string => {
  if (value instanceof Date) return time(value)
  if (Array.isArray(value)) return value.length === 0 ? "empty" : value.map((each) => textOf(each, names)).join(", ")
  if (typeof value === "object") return JSON.stringify(value)
  return names.get(value) ?? String(value)
}

/** Gives the members of a result as text; `more` adds names for values of this vendor. */
export const observationsOf = (
  about: string,
  result: object,
  issuer: string,
  more: ReadonlyArray<readonly [unknown, string]> = [],
): Observations => {
  const names = new Map<unknown, string>([
    [issuer, "the issuer"],
    [user.id, "the user"],
    [client.id, "the client"],
    ...more,
  ])
  const members = Object.entries(result).filter(([name, value]) => !ignored.has(name) && value !== undefined)
  return Object.fromEntries(
    members.map(([name, value]) => [`${about}.${name}`, generated.has(name) ? "present" : textOf(value, names)]),
  )
}

/** Gives the outcome of a call as text; a reason without the vendor's messages. */
export const outcomeOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    const result = await call
    if (result === undefined) return "accepted"
    if (typeof result === "object" && result !== null && "active" in result)
      return result.active ? "active" : "inactive"
    return "success"
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
    const { _tag, ...rest } = error.reason
    const details = Object.entries(rest).flatMap(([name, value]) => {
      if (name === "detail" || name === "instead" || name === "standard") return []
      // The vendor's word for a rejected token, beside the check that all have.
      if (name === "code" && _tag === "InvalidToken") return []
      return [Duration.isDuration(value) ? Duration.format(value) : String(value)]
    })
    return [_tag, ...details].join(" ")
  }
}
