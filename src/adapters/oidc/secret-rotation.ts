/** Two secrets at a time, so that one can be replaced without a moment in which neither works. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { AuthError } from "../../ports/errors.ts"
import type { Operation } from "../../ports/provider.ts"
import { gaugeSecret } from "../../internal/telemetry.ts"
import type { Server } from "./server.ts"

type Method = (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, AuthError>

/** Which of two secrets works, as far as is known. */
export interface Rotation {
  /** The same operation by either secret: by the one in use, and by the other when that one is refused. */
  readonly either: (operation: Operation, first: Method, second: Method) => Method
}

/** The operations for which the client always proves itself; whether `introspect` is one differs from server to server. */
const proving: ReadonlySet<Operation> = new Set([
  "exchange",
  "refresh",
  "clientCredentials",
  "deviceAuthorization",
  "pollDevice",
  "jwtBearer",
  "revoke",
])

/**
 * Starts with the first secret. When the vendor answers `invalid_client`, the call is made once more with the other
 * one: it was refused before anything was done. If that succeeds the other one stays in use. A gauge says which it is, from
 * the first success of such a call. Calls for which the client proves itself with something else say nothing of a secret.
 */
export const rotation = (provider: string, { introspectionAuth }: Server): Rotation => {
  const inUse = gaugeSecret({ provider })
  let current = 0
  let told: number | undefined
  const proves = (operation: Operation): boolean =>
    proving.has(operation) ||
    (operation === "introspect" && (introspectionAuth === undefined || introspectionAuth === "client_secret_basic"))
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
  /** One that another call has found to be refused meanwhile is not in use again because an earlier call succeeds. */
  const asBefore = <A>(secret: number, call: Effect.Effect<A, AuthError>): Effect.Effect<A, AuthError> =>
    Effect.flatMap(call, (answer) =>
      secret === current && told !== secret ? works(secret, Effect.succeed(answer)) : Effect.succeed(answer),
    )
  return {
    either: (operation, first, second) => {
      const methods = [first, second] as const
      return (...args) => {
        const refused = first(...args)
        // What is refused before anything is sent is refused at once, by whatever secret.
        if (Exit.isExit(refused) && Exit.isFailure(refused)) return refused
        return Effect.suspend(() => {
          const mine = current
          const other = 1 - mine
          const call = (methods[mine] ?? first)(...args)
          if (!proves(operation)) return call
          return Effect.catch(asBefore(mine, call), (error) =>
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
