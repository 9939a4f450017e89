/** The `timeout` of calls. */
import * as Effect from "effect/Effect"
import { millisOf, toMillis } from "../../internal/duration.ts"
import { memoizeLast } from "../../internal/memoize-last.ts"
import { isRejected } from "../../internal/rejected-call.ts"
import { defaultTimeout, withStepTimeout } from "../../internal/timeout.ts"
import type { CallOptions } from "../../ports/call.ts"
import type { DurationInput } from "../../ports/duration.ts"
import { AuthError } from "../../ports/errors.ts"
import { optionsIndex } from "../../ports/operations.ts"
import type { Operation } from "../../ports/provider.ts"
import { inOwnFiber, makeCallLimits } from "../call-limits.ts"
import type { AnyMethod } from "../over-operations.ts"
import type { GetIfPresent, Policy } from "./layer.ts"

/** Operations that wait for a user. Only the `timeout` of a call limits them. */
const unlimited: ReadonlySet<Operation> = new Set(["pollDevice"])

/**
 * Limits the whole call by the `timeout` of its options, or of the configuration.
 *
 * The layers below do not see `timeout`: a request that several callers wait for must not end with the first timeout.
 * When the timeout expires, the layer's fallback may still return a result. For an operation with several writes, the
 * time applies to each write.
 */
export const timeout =
  (configured: DurationInput = defaultTimeout): Policy =>
  (provider) => {
    const limits = makeCallLimits()
    return (operation, inner) => {
      const index = optionsIndex(operation)
      const usual = unlimited.has(operation) ? undefined : toMillis(configured)
      const isStepwise = provider.traits?.severalWrites?.has(operation) === true
      const limitOf = operation === "introspect" ? limits.limit : inOwnFiber
      const limited = (unlimitedCall: ReturnType<AnyMethod>, limit: number, args: ReadonlyArray<unknown>) =>
        isStepwise
          ? withStepTimeout(unlimitedCall, limit)
          : limitOf(unlimitedCall, limit, (reason, address) => {
              const error = new AuthError({ provider: provider.id, operation, reason, ...address() })
              return inner.fallback?.(args, error) ?? Effect.fail(error)
            })
      const call: AnyMethod = (...args) => {
        const options = args[index] as CallOptions | undefined
        const whole = inner.call(...args)
        if (isRejected(whole)) return whole
        if (options?.timeout === undefined) return usual === undefined ? whole : limited(whole, usual, args)
        const { timeout: limit, ...rest } = options
        const others = args.map((argument, at) => (at === index ? rest : argument))
        return limited(inner.call(...others), toMillis(limit), others)
      }
      const present = inner.getIfPresent
      return present === undefined
        ? { ...inner, call }
        : { ...inner, call, getIfPresent: withoutTimeout(index, present) }
    }
  }

/** A result that is available needs no time: the layers below get no `timeout`. The call rejects a wrong `timeout`. */
const withoutTimeout = (index: number, present: GetIfPresent): GetIfPresent => {
  const read = memoizeLast(millisOf)
  return (args) => {
    const options = args[index]
    if (typeof options !== "object" || options === null || !("timeout" in options)) return present(args)
    const { timeout: limit, ...rest } = options
    if (read(limit) === undefined || args.length > index + 1) return undefined
    const others = args.slice(0, index)
    return present(Object.keys(rest).length === 0 ? others : [...others, rest])
  }
}
