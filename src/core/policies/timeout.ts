/** The `timeout` of a call. */

import * as Effect from "effect/Effect"
import { withAddress } from "../../internal/last-request.ts"
import { isRejected } from "../../internal/rejected-call.ts"
import { withTimeout } from "../../internal/timeout.ts"
import type { CallOptions } from "../../ports/call.ts"
import { AuthError } from "../../ports/errors.ts"
import { optionsIndex } from "../../ports/operations.ts"
import type { AnyMethod } from "../over-operations.ts"
import type { Policy } from "./layer.ts"

/**
 * Limits the whole call by the `timeout` of its options.
 *
 * The layers below do not see `timeout`: a request that several callers wait for must not end with the first timeout.
 * When the timeout expires, the layer's fallback may still return a result.
 */
export const timeout: Policy = (provider) => (operation, inner) => {
  const index = optionsIndex(operation)
  const call: AnyMethod = (...args) => {
    const options = args[index] as CallOptions | undefined
    const unlimited = inner.call(...args)
    if (options?.timeout === undefined || isRejected(unlimited)) return unlimited
    const { timeout: limit, ...rest } = options
    const withoutTimeout = args.map((argument, at) => (at === index ? rest : argument))
    return withAddress((address) =>
      withTimeout(inner.call(...withoutTimeout), limit, (reason) => {
        const error = new AuthError({ provider: provider.id, operation, reason, ...address() })
        return inner.fallback?.(withoutTimeout, error) ?? Effect.fail(error)
      }),
    )
  }
  return { ...inner, call }
}
