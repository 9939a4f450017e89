/** Prints a failure in every usual way, and searches text for secrets. */
import { inspect } from "node:util"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Tracer from "effect/Tracer"

/** The printed forms of an error and of its causes. */
export const printedError = (error: unknown): ReadonlyArray<string> => [
  String(error),
  JSON.stringify(error) ?? "",
  inspect(error, { depth: 20, showHidden: true, getters: true }),
  ...(error instanceof Error
    ? [error.message, error.stack ?? "", JSON.stringify(error.toString()), ...printedError(error.cause ?? "")]
    : []),
]

export interface Printed {
  readonly exit: Exit.Exit<unknown, unknown>
  /** All printed forms in one text. */
  readonly text: string
}

/** Runs an effect under a tracer, and prints its error, its cause and its spans in every way. */
export const runAndPrint = async (effect: Effect.Effect<unknown, unknown>): Promise<Printed> => {
  const spans: Array<Tracer.Span> = []
  const recorder = Tracer.make({
    span(options) {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    },
  })
  const exit = await Effect.runPromiseExit(effect.pipe(Effect.withSpan("call"), Effect.withTracer(recorder)))
  const ended = spans.map((span) => inspect(span, { depth: 20, showHidden: true, getters: true }))
  if (spans.length === 0) throw new Error("no span was recorded")
  if (Exit.isSuccess(exit)) return { exit, text: ended.join("\n") }
  const { cause } = exit
  const error = Cause.squash(cause)
  const causes = [
    Cause.pretty(cause),
    String(cause),
    JSON.stringify(cause),
    inspect(cause, { depth: 20, showHidden: true }),
  ]
  return { exit, text: [...printedError(error), ...causes, ...ended].join("\n") }
}

/** Number of consecutive characters of a secret that count as a leak. */
const leakLength = 9

/** The secrets that a text contains, completely or in part. */
export const leaked = (text: string, secrets: ReadonlyArray<string>): ReadonlyArray<string> =>
  secrets.filter((secret) => {
    for (let at = 0; at + leakLength <= secret.length; at++)
      if (text.includes(secret.slice(at, at + leakLength))) return true
    return secret.length < leakLength && text.includes(secret)
  })
