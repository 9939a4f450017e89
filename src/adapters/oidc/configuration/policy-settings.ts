/** The members of a configuration that concern the policies around a provider. */
import { z } from "zod"
import type { Policies } from "../../../ports/policies.ts"
import { durationBetween, timeLimit } from "./duration.ts"

const count = (least: number, most: number) => z.number().int().min(least).max(most)

const expectedOff = "expected false, which turns the policy off; it is on by default"

const off = z.literal(false, expectedOff)

/** The options that the circuit breaker had, and what replaced each. */
const removedOptions = {
  failures:
    '"failures" was removed: latchkey tests an origin when half of at least 5 calls within 10 seconds fail, and the circuit \
opens if the origin does not answer',
  openFor: '"openFor" was removed: while a circuit is open, latchkey tests the origin once a second until it answers',
}

/** Names the first removed option in a value, which an environment variable holds as text. */
const removedOption = (input: unknown): string | undefined => {
  const names = typeof input === "object" && input !== null ? JSON.stringify(Object.keys(input)) : String(input)
  const found = Object.entries(removedOptions).find(([name]) => names.includes(`"${name}"`))
  return found && `${found[1]}; omit circuitBreaker, or turn it off with false`
}

const offOr = <Options extends z.ZodType>(options: Options) =>
  z.union([z.literal(false), options], "expected options, or false, which turns the policy off")

/** The schemas of the policies; see `Policies`. */
export const policySettings = {
  timeout: timeLimit.optional(),
  cache: offOr(
    z.strictObject({
      maxAge: durationBetween("1 millis", "1 hour").optional(),
      inactiveMaxAge: durationBetween("0 millis", "1 minute").optional(),
      entries: count(1, 10_000_000).optional(),
      bytes: count(1 << 10, 2 ** 34).optional(),
    }),
  ).optional(),
  singleFlight: off.optional(),
  staleIfError: durationBetween("1 second", "1 day").optional(),
  tokenCache: off.optional(),
  retry: offOr(
    z.strictObject({
      attempts: count(1, 10).optional(),
      baseDelay: durationBetween("1 millis", "10 seconds").optional(),
      maxDelay: durationBetween("1 millis", "1 minute").optional(),
    }),
  ).optional(),
  circuitBreaker: z.literal(false, { error: ({ input }) => removedOption(input) ?? expectedOff }).optional(),
  trace: off.optional(),
} satisfies Readonly<Record<keyof Policies, z.ZodType>>

const names = Object.keys(policySettings) as ReadonlyArray<keyof Policies>

/** Returns the policies of a configuration. */
export const policiesOf = (settings: Policies): Policies =>
  Object.fromEntries(names.flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]])))
