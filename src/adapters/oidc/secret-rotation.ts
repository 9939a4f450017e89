/** Two client secrets at a time, so that one can be replaced without an outage. */
import * as Effect from "effect/Effect"
import { isExplaining } from "../../internal/explaining.ts"
import { isSettled } from "../../internal/rejected-call.ts"
import { clientSecretGauge } from "../../internal/telemetry.ts"
import type { AuthError } from "../../ports/errors.ts"
import type { Events } from "../../ports/events.ts"
import type { Operation } from "../../ports/provider.ts"
import type { Tenant } from "../../ports/telemetry.ts"
import type { Server } from "./server.ts"

type Method = (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, AuthError>

/** Makes an operation that uses the secret in use, and the other one if the vendor rejects it. */
export type WithEitherSecret = (operation: Operation, first: Method, second: Method) => Method

/** The operations for which the client always authenticates. For `introspect` it depends on the server. */
const authenticating: ReadonlySet<Operation> = new Set([
  "exchange",
  "refresh",
  "clientCredentials",
  "deviceAuthorization",
  "pollDevice",
  "jwtBearer",
  "exchangeToken",
  "revoke",
])

/**
 * Starts with the first secret. If the vendor answers `invalid_client`, which means that nothing was done, the call is
 * made once more with the other secret. If that succeeds, the other secret stays in use.
 *
 * A gauge reports which secret is in use, from the first success on. A call that sends no client secret changes nothing.
 */
export const secretRotation = (tenant: Tenant, { introspectionAuth }: Server, events: Events): WithEitherSecret => {
  const { provider } = tenant
  const gauge = clientSecretGauge(events, tenant)
  let inUse = 0
  let reported: number | undefined
  const authenticates = (operation: Operation): boolean =>
    authenticating.has(operation) ||
    (operation === "introspect" && (introspectionAuth === undefined || introspectionAuth === "client_secret_basic"))
  /** Puts a secret in use if the call succeeds, and reports a change. */
  const use = <A>(secret: number, call: Effect.Effect<A, AuthError>): Effect.Effect<A, AuthError> =>
    Effect.withFiber((fiber) =>
      isExplaining(fiber)
        ? call
        : Effect.map(call, (result) => {
            if (inUse !== secret) events.emit({ _tag: "SecretFellBack", provider, secret }, fiber)
            inUse = secret
            if (reported !== secret) gauge(secret, fiber.context)
            reported = secret
            return result
          }),
    )
  /** Reports the secret if it is still in use: another call may have found that the vendor rejects it. */
  const reportIfInUse = <A>(secret: number, call: Effect.Effect<A, AuthError>): Effect.Effect<A, AuthError> =>
    Effect.flatMap(call, (result) =>
      secret === inUse && reported !== secret ? use(secret, Effect.succeed(result)) : Effect.succeed(result),
    )
  return (operation, first, second) => {
    const methods = [first, second] as const
    return (...args) => {
      const call = first(...args)
      if (isSettled(call)) return call
      return Effect.suspend(() => {
        const secret = inUse
        const other = 1 - secret
        const sent = (methods[secret] ?? first)(...args)
        if (!authenticates(operation)) return sent
        return Effect.catch(reportIfInUse(secret, sent), (error) =>
          error.reason._tag !== "InvalidClient"
            ? Effect.fail(error)
            : Effect.catch(use(other, (methods[other] ?? second)(...args)), (next) =>
                Effect.fail(next.reason._tag === "InvalidClient" ? error : next),
              ),
        )
      })
    }
  }
}
