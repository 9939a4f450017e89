/** Two secrets at a time, so that one can be replaced without a moment in which neither works. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { AuthError } from "../../ports/errors.ts"
import { gaugeSecret } from "../../ports/telemetry.ts"

type Method = (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, AuthError>

/** Which of two secrets works, as far as is known. */
export interface Rotation {
  /** The same operation by either secret: by the one in use, and by the other when that one is refused. */
  readonly either: (first: Method, second: Method) => Method
}

/**
 * Starts with the first secret. When the vendor answers `invalid_client`, the call is made once more with the other one: it
 * was refused before anything was done. The one that works stays in use, and the gauge says which it is.
 */
export const rotation = (provider: string): Rotation => {
  const inUse = gaugeSecret({ provider })
  let current = 0
  return {
    either: (first, second) => {
      const methods = [first, second] as const
      return (...args) =>
        Effect.suspend(() => {
          const mine = current
          const other = 1 - mine
          const call = (methods[mine] ?? first)(...args)
          if (Exit.isExit(call)) return call
          return Effect.catch(call, (error) => {
            if (error.reason._tag !== "InvalidClient") return Effect.fail(error)
            const again = Effect.catch((methods[other] ?? second)(...args), (next) =>
              Effect.fail(next.reason._tag === "InvalidClient" ? error : next),
            )
            return Effect.map(again, (answer) => {
              current = other
              inUse(other)
              return answer
            })
          })
        })
    },
  }
}
