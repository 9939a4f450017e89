/** Records the outcome of a call on its span. */
import { type Span, SpanStatusCode } from "@opentelemetry/api"
import type * as Exit from "effect/Exit"
import { AuthError } from "../ports/errors.ts"

/**
 * Records the outcome of a call on its span. The text of an `AuthError` holds no secret. Any other exception comes from
 * code of the application, so its text is left out. The status of a call that succeeds, or that its caller ended, stays
 * unset.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/general/recording-errors/
 */
export const endWith = (span: Span, exit: Exit.Exit<unknown, unknown>): void => {
  if (exit._tag === "Success") return
  const { reasons } = exit.cause
  const failure = reasons.find((reason) => reason._tag === "Fail")?.error
  if (failure instanceof AuthError) writeError(span, failure.message, failure.reason._tag)
  else if (failure === undefined && reasons.every(({ _tag }) => _tag === "Interrupt"))
    span.setAttribute("latchkey.interrupted", true)
  else writeError(span, "an exception that is not an AuthError", "defect")
}

const writeError = (span: Span, message: string, type: string): void => {
  span.recordException({ name: type === "defect" ? "Error" : "AuthError", message })
  span.setStatus({ code: SpanStatusCode.ERROR, message })
  span.setAttribute("error.type", type)
}
