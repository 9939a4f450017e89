/** Marks the repeats of a call, so that a call whose vendor fails counts once. */
import * as Context from "effect/Context"
import type * as Fiber from "effect/Fiber"

/** Whether the requests repeat earlier ones of the same call. */
export const IsRepeat = Context.Reference<boolean>("latchkey/IsRepeat", { defaultValue: () => false })

/** Whether the requests of a fiber repeat earlier ones of the same call. */
export const isRepeat = (fiber: Fiber.Fiber<unknown, unknown>): boolean => fiber.getRef(IsRepeat)
