/** Recognizes plain objects. */
import type { Issue } from "../ports/errors.ts"

/** Returns whether a value is an object without a class. A copy of another object lacks the members that it inherits. */
export const isPlain = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** The problem of options that are not a plain object. */
export const notPlain: Issue = { path: "", message: "expected a plain object with the options of a guard" }
