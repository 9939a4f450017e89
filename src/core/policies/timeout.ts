/** The longest that a whole call may take, all attempts together. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { CallOptions } from "../../ports/call.ts"
import { AuthError } from "../../ports/errors.ts"
import { optionsIndex } from "../../ports/operations.ts"
import type { Identity } from "../../ports/provider.ts"
import { lastResortOf } from "../last-resort.ts"
import { overOperations } from "../over-operations.ts"
import { peekOf, withPeek } from "../peek.ts"

/**
 * Honours `timeout` in a call. Nothing below is told of it: a request that several callers wait for is none's to end. What
 * the operation has for a bad day serves here too.
 */
export const timeout = <P extends Identity>(provider: P): P =>
  overOperations(provider, (operation, method) => {
    const index = optionsIndex(operation)
    const timed: typeof method = (...args) => {
      const options = args[index] as CallOptions | undefined
      const call = method(...args)
      if (options?.timeout === undefined || Exit.isExit(call)) return call
      const { timeout, ...rest } = options
      const duration = Duration.fromInputUnsafe(timeout)
      const detail = `no answer within ${Duration.format(duration)}`
      const late = new AuthError({ provider: provider.id, operation, reason: { _tag: "Unavailable", detail } })
      const untimed = args.map((arg, at) => (at === index ? rest : arg))
      const orElse = () => resort?.(untimed, late) ?? Effect.fail(late)
      return Effect.timeoutOrElse(method(...untimed), { duration, orElse })
    }
    const [peek, resort] = [peekOf(method), lastResortOf(method)]
    return peek === undefined ? timed : withPeek(timed, peek)
  })
