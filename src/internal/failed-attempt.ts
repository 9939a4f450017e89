/** Failed attempts of a shared request that will be repeated, and the callers that do not wait for a repetition. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** Receives the error of a failed attempt, before the request is repeated. */
export const OnFailedAttempt = Context.Reference<((error: unknown) => void) | undefined>("latchkey/OnFailedAttempt", {
  defaultValue: () => undefined,
})

/** Whether the caller has `retry: false`: it fails with the first failed attempt of a request that it shares. */
export const IsNotRepeated = Context.Reference<boolean>("latchkey/IsNotRepeated", { defaultValue: () => false })

/** Reports that an attempt has failed and that the request will be repeated. */
export const reportFailedAttempt = (error: unknown): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    fiber.getRef(OnFailedAttempt)?.(error)
    return Effect.void
  })
