/** Rejects an argument that this vendor would ignore. */
import * as Effect from "effect/Effect"
import type { Reason } from "../../../ports/errors.ts"
import { operations } from "../../../ports/operations.ts"
import type { Operation } from "../../../ports/provider.ts"
import type { Engine } from "../engine/engine.ts"
import type { Argument } from "../server.ts"

/** Fails if the argument is given and this vendor would ignore it. Otherwise returns `undefined`. */
export const rejectArgument = (
  engine: Engine,
  argument: Argument,
  value: unknown,
): Effect.Effect<never, Reason> | undefined => {
  const { unsupportedArguments, audienceParameter } = engine.server
  // RFC 8693 itself has a parameter `audience`.
  const needsAudience =
    argument.endsWith(".audience") && argument !== "exchangeToken.audience" && audienceParameter === undefined
  const instead =
    unsupportedArguments?.[argument] ?? (needsAudience ? "this server has no parameter for it" : undefined)
  if (value === undefined || instead === undefined) return undefined
  const dot = argument.lastIndexOf(".")
  return unsupportedArgument(argument.slice(0, dot) as Operation, argument.slice(dot + 1), instead)
}

/** Fails because of an unsupported argument. `instead`: what to do instead. */
export const unsupportedArgument = (
  operation: Operation,
  argument: string,
  instead: string,
): Effect.Effect<never, Reason> =>
  Effect.fail({ _tag: "UnsupportedOperation", standard: operations[operation], argument, instead })
