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
 * Starts with the first secret. When the vendor answers `invalid_client`, the call is made once more with the other
 * one: it
 * was refused before anything was done. The one that works stays in use, and the gauge says which it is.
 */
export const rotation = (provider: string): Rotation => {
  const inUse = gaugeSecret({ provider })
  let current = 0
  let told: number | undefined
  /** Says once which one works, and again when it is another. */
  const works = <A>(secret: number, call: Effect.Effect<A, AuthError>): Effect.Effect<A, AuthError> =>
    Effect.withFiber(({ context }) =>
      Effect.map(call, (answer) => {
        current = secret
        if (told !== secret) inUse(secret, context)
        told = secret
        return answer
      }),
    )
  return {
    either: (first, second) => {
      const methods = [first, second] as const
      return (...args) => {
        const refused = first(...args)
        // What is refused before anything is sent is refused at once, by whatever secret.
        if (Exit.isExit(refused) && Exit.isFailure(refused)) return refused
        return Effect.suspend(() => {
          const mine = current
          const other = 1 - mine
          return Effect.catch(works(mine, (methods[mine] ?? first)(...args)), (error) =>
            error.reason._tag !== "InvalidClient"
              ? Effect.fail(error)
              : Effect.catch(works(other, (methods[other] ?? second)(...args)), (next) =>
                  Effect.fail(next.reason._tag === "InvalidClient" ? error : next),
                ),
          )
        })
      }
    },
  }
}
