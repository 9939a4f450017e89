/** The stack of the error that a promise rejects with: it shows the caller's line, not the library's. */
import { AuthError } from "../ports/errors.ts"

/** A function whose frame, and the frames above it, a stack does not show. */
export type AnyFunction = (...args: never) => unknown

/**
 * The place of a call. An engine with `captureStackTrace` captures the frames below `method` at once, and formats them
 * when `stack` is read.
 */
export class Caller {
  declare readonly stack?: unknown

  constructor(method: AnyFunction) {
    if (Error.captureStackTrace) Error.captureStackTrace(this, method)
    else this.stack = new Error().stack
  }
}

/** Copies an `AuthError` and gives the copy the caller's stack: several promises may reject with one error. */
export const withCaller = (error: unknown, caller: Caller): unknown => {
  if (!(error instanceof AuthError)) return error
  const copy = withoutFrames(() => new AuthError({ ...error }))
  return Object.defineProperty(copy, "stack", {
    configurable: true,
    get: () => stackOf(copy, caller),
    set: (value: unknown) => {
      Object.defineProperty(copy, "stack", { value, configurable: true, writable: true })
    },
  })
}

/**
 * Makes an error without its own frames: otherwise Node would print a line of this file above an error that is not
 * caught.
 */
const withoutFrames = (make: () => AuthError): AuthError => {
  const { stackTraceLimit } = Error
  if (!Reflect.set(Error, "stackTraceLimit", 0)) return make()
  try {
    return make()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** The first line of V8's text is that of a nameless error; other engines give the frames alone. */
const stackOf = (error: AuthError, caller: Caller): string => {
  const header = `${error.name}: ${error.message}`
  const stack = formatted(caller)
  if (typeof stack !== "string") return header
  const frames = /^Error\b/.test(stack) ? stack.split("\n").slice(1).join("\n") : stack
  return frames === "" ? header : `${header}\n${frames}`
}

/** The engine formats the stack here, with a function of the application, which may throw. */
const formatted = (caller: Caller): unknown => {
  try {
    return caller.stack
  } catch {
    return undefined
  }
}
