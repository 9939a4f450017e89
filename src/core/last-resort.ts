/** What an operation has to say when there is no time left for the vendor's answer. */
import type * as Effect from "effect/Effect"
import type { AuthError } from "../ports/errors.ts"

/** An answer in place of a failure; that failure where there is none. */
export type LastResort = (args: ReadonlyArray<unknown>, error: AuthError) => Effect.Effect<unknown, AuthError>

const resorts = new WeakMap<object, LastResort>()

/** Gives an operation something to fall back on when its caller's time is over: an old answer, where that may serve. */
export const withLastResort = <F extends object>(operation: F, resort: LastResort): F => {
  resorts.set(operation, resort)
  return operation
}

/** What an operation falls back on, where it has something. */
export const lastResortOf = (operation: object): LastResort | undefined => resorts.get(operation)
