/** Tells the parts of a call that the call explains a token, so that they change no state and report their checks. */
import * as Context from "effect/Context"
import type * as Fiber from "effect/Fiber"
import type { ExplainedCheck } from "../ports/explanation.ts"

/** Receives the checks of an introspection response. The checks of a later response replace those of an earlier one. */
export type ReportChecks = (checks: ReadonlyArray<ExplainedCheck>) => void

/** `undefined` for every call except `explain`, and the requests of `health`. */
export const Explaining = Context.Reference<ReportChecks | undefined>("latchkey/Explaining", {
  defaultValue: () => undefined,
})

/** Whether a fiber explains a token or asks for `health`: then circuit breakers and client secrets stay as they are. */
export const isExplaining = (fiber: Fiber.Fiber<unknown, unknown>): boolean => fiber.getRef(Explaining) !== undefined

/** The longest value in an explanation, in characters. */
const maxLength = 200

/** Prints a value from a token or a response on one line; `undefined` for an absent value. */
const printed = (value: unknown): string | undefined => {
  if (value === undefined || value === null) return undefined
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? typeof value)
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "�")
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line
}

/** Prints a time in seconds since 1970. */
export const printedTime = (seconds: unknown): string | undefined => {
  const date = new Date(Number(seconds) * 1000)
  return typeof seconds === "number" && !Number.isNaN(date.getTime()) ? date.toISOString() : printed(seconds)
}

/** Makes one check. Absent values are left out. */
export const explained = (check: string, passed: boolean, expected?: unknown, found?: unknown): ExplainedCheck => {
  const [expectedText, foundText] = [printed(expected), printed(found)]
  return {
    check,
    passed,
    ...(expectedText !== undefined && { expected: expectedText }),
    ...(foundText !== undefined && { found: foundText }),
  }
}

/**
 * Gives checks the verdict of the code that `introspect` runs. That code decides: if it accepts, every check has passed;
 * if it rejects and every check has passed, `otherwise` is the failed check.
 */
export const withVerdict = (
  checks: ReadonlyArray<ExplainedCheck>,
  accepts: boolean,
  otherwise: ExplainedCheck,
): ReadonlyArray<ExplainedCheck> => {
  if (accepts) return checks.map((each) => ({ ...each, passed: true }))
  return checks.some(({ passed }) => !passed) ? checks : [...checks, { ...otherwise, passed: false }]
}
