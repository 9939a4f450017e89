/** Answers in words that are the same for the same meaning: own names for addresses and ids, times from now. */
import * as Duration from "effect/Duration"
import { AuthError } from "latchkey"
import { client, lifetime, user } from "./facts.ts"

/** Facts by name; what a vendor does not say is not there. */
export type Facts = Readonly<Record<string, string>>

/** What the vendor says under its own names is carried, not interpreted; how and when it was asked differs by nature. */
const carried: ReadonlySet<string> = new Set(["claims", "raw", "source"])

/** Made up by the vendor, each time another one. */
const madeUp: ReadonlySet<string> = new Set([
  "accessToken",
  "refreshToken",
  "idToken",
  "tokenId",
  "secret",
  "registration",
])

const nearly = (seconds: number, wanted: number): boolean => Math.abs(seconds - wanted) < 60

const time = (date: Date): string => {
  const seconds = (date.getTime() - Date.now()) / 1000
  if (nearly(seconds, 0)) return "now"
  return nearly(seconds, lifetime) ? "an hour from now" : `${Math.round(seconds)} seconds from now`
}

const words = (value: unknown, names: ReadonlyMap<unknown, string>): string => {
  if (value instanceof Date) return time(value)
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map((each) => words(each, names)).join(", ")
  if (typeof value === "object") return JSON.stringify(value)
  return names.get(value) ?? String(value)
}

/** The members of an answer as facts; `more` names what only this answer's vendor calls so. */
export const factsOf = (
  about: string,
  answer: object,
  issuer: string,
  more: ReadonlyArray<readonly [unknown, string]> = [],
): Facts => {
  const names = new Map<unknown, string>([
    [issuer, "the issuer"],
    [user.id, "the user"],
    [client.id, "the client"],
    ...more,
  ])
  const members = Object.entries(answer).filter(([name, value]) => !carried.has(name) && value !== undefined)
  return Object.fromEntries(
    members.map(([name, value]) => [`${about}.${name}`, madeUp.has(name) ? "there" : words(value, names)]),
  )
}

/** How a call ended, in words; of a failure everything but the vendor's own sentences. */
export const outcomeOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    const answer = await call
    if (answer === undefined) return "accepted"
    if (typeof answer === "object" && answer !== null && "active" in answer)
      return answer.active ? "active" : "inactive"
    return "success"
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
    const { _tag, ...rest } = error.reason
    const said = Object.entries(rest).flatMap(([name, value]) => {
      if (name === "detail" || name === "instead" || name === "standard") return []
      return [Duration.isDuration(value) ? Duration.format(value) : String(value)]
    })
    return [_tag, ...said].join(" ")
  }
}
