/** What a configuration says of the policies around a provider, by name. */
import * as Duration from "effect/Duration"
import { z } from "zod"
import type { Issue } from "../../../ports/errors.ts"
import type { Policies } from "../../../ports/policies.ts"
import type { Written } from "./settings.ts"

/** Milliseconds of anything that is a duration. */
export const millis = (value: unknown): number | undefined => {
  try {
    return Duration.toMillis(Duration.fromInputUnsafe(value as Duration.Input))
  } catch {
    return undefined
  }
}

/** A duration between two, both written as they are to be read; in milliseconds. */
const between = (shortest: Duration.Input, longest: Duration.Input) => {
  const [least, most] = [millis(shortest) ?? 0, millis(longest) ?? 0]
  const inRange = (value: unknown): boolean => {
    const given = millis(value)
    return given !== undefined && given >= least && given <= most
  }
  return z
    .custom<Duration.Input>(inRange, `expected a duration from ${String(shortest)} to ${String(longest)}`)
    .transform((value) => millis(value) ?? 0)
}

const count = (least: number, most: number) => z.number().int().min(least).max(most)

const off = z.literal(false, "expected false, which turns it off; it is on when nothing is said")

/** Options, or `false`. */
const offOr = <Options extends z.ZodType>(options: Options) =>
  z.union([z.literal(false), options], "expected its options, or false, which turns it off")

/** The members that say what stands around a provider; see `Policies`. */
export const policySettings = {
  cache: offOr(
    z.strictObject({
      maxAge: between("1 millis", "1 hour").optional(),
      inactiveMaxAge: between("0 millis", "1 minute").optional(),
      entries: count(1, 10_000_000).optional(),
      bytes: count(1 << 10, 2 ** 34).optional(),
    }),
  ).optional(),
  singleFlight: off.optional(),
  staleIfUnavailable: between("1 second", "1 day").optional(),
  ownTokens: off.optional(),
  retry: offOr(
    z.strictObject({
      times: count(1, 10).optional(),
      wait: between("1 millis", "10 seconds").optional(),
      maxWait: between("1 millis", "1 minute").optional(),
    }),
  ).optional(),
  breaker: offOr(
    z.strictObject({
      failures: count(1, 1000).optional(),
      coolDown: between("10 millis", "10 minutes").optional(),
    }),
  ).optional(),
  trace: off.optional(),
}

const names = Object.keys(policySettings) as ReadonlyArray<keyof Policies>

/** What of a configuration is about policies. */
export const policiesOf = (settings: Policies): Policies =>
  Object.fromEntries(names.flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]])))

/** What is wrong between policies. */
export const policyIssues = ({ cache, staleIfUnavailable }: Written): ReadonlyArray<Issue> =>
  cache === false && staleIfUnavailable !== undefined
    ? [{ path: "staleIfUnavailable", message: "an old answer must have been kept: leave cache on" }]
    : []
