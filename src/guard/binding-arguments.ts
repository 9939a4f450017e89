/** Checks the arguments of a binding. */
import type { Introspector } from "./introspector.ts"
import { isPlain, notPlain } from "./plain.ts"
import { invalidConfig } from "./settings.ts"

/** Returns options that a binding copies. Throws an `AuthError` (`InvalidConfig`) unless a copy has them all. */
export const copyable = <O extends object>(auth: Introspector, options: O): O => {
  if (isPlain(options)) return options
  throw invalidConfig(auth?.id ?? "latchkey", [notPlain])
}

/** Throws an `AuthError` (`InvalidConfig`) for a handler that is not a function: passing requests would get no response. */
export const checkHandler = (auth: Introspector, handler: unknown): void => {
  if (typeof handler === "function") return
  throw invalidConfig(auth.id, [{ path: "handler", message: "expected the function that handles requests that pass" }])
}
