/** Texts and secrets of a configuration, as schemas. */
import * as Redacted from "effect/Redacted"
import { z } from "zod"

const hasControlCharacter = (value: string): boolean => /\p{Cc}/u.test(value)

const noControlCharacters = "expected no control characters; a line break at the end often comes from a file"

/** A text that is sent to the vendor: not empty, and without control characters (RFC 6749, Appendix A). */
export const text = z
  .string()
  .min(1)
  .refine((value) => !hasControlCharacter(value), noControlCharacters)

const fromAnotherCopy =
  "expected a secret, found a Redacted that another copy of effect made: install one version of effect for latchkey " +
  "and your program (`npm ls effect` lists the copies)"

const wiped = "expected a secret, found a Redacted that was wiped"

/** The content of a `Redacted` value; a problem if it cannot be read. */
const contentOf = (value: object): { readonly content: unknown } | { readonly problem: string } => {
  if (!Redacted.isRedacted(value) || Object.getPrototypeOf(value) !== Object.getPrototypeOf(Redacted.make("")))
    return { problem: fromAnotherCopy }
  try {
    return { content: Redacted.value(value) }
  } catch {
    return { problem: wiped }
  }
}

/** Whether a value is a `Redacted`, of this copy of effect or of another: every version prints it like this. */
const looksRedacted = (value: unknown): value is object =>
  typeof value === "object" && value !== null && (Redacted.isRedacted(value) || printed(value).startsWith("<redacted"))

const printed = (value: object): string => {
  try {
    return String(value)
  } catch {
    return ""
  }
}

/** Returns the problem of a secret; `undefined` for a usable one. */
const problemOf = (value: unknown): string | undefined => {
  const read = looksRedacted(value) ? contentOf(value) : { content: value }
  if ("problem" in read) return read.problem
  if (typeof read.content !== "string" || read.content === "")
    return "expected a string or a Redacted string, not empty"
  return hasControlCharacter(read.content) ? noControlCharacters : undefined
}

/** Returns why a value is not a readable `Redacted` text; `undefined` if it is one. */
export const redactedProblem = (value: unknown): string | undefined => {
  const read = looksRedacted(value) ? contentOf(value) : { problem: "expected a Redacted string" }
  return "problem" in read ? read.problem : undefined
}

/** Returns why a secret, or one of a pair of secrets, is not usable; `undefined` for usable secrets. */
export const secretProblem = (value: unknown): string | undefined =>
  value === undefined ? "required" : problemOf(value)

/** A secret: a string, or a `Redacted` string. */
export const secret = z
  .union(
    [text, z.custom<Redacted.Redacted<string>>((value) => looksRedacted(value) && problemOf(value) === undefined)],
    {
      error: ({ input }) => secretProblem(input),
    },
  )
  .transform((value) => (typeof value === "string" ? Redacted.make(value) : value))
