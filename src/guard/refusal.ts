/** The response to a refused request. */
import { type Answer, answers, type Situation, situations } from "./situations.ts"

/** A response that a guard writes itself. */
export interface Reply {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** JSON; `undefined` for `HEAD`. */
  readonly body: string | undefined
}

/** The response to a refused request, and its situation. The body is a problem (RFC 9457). */
export interface Refusal extends Reply {
  /** The situation: for logs and metrics, never for the client. */
  readonly situation: Situation
}

/** Returns the body of the refusal in a situation, as `GET` gets it. */
export const bodyOf = (situation: Situation): string => {
  const { title, status, error, detail }: Answer = answers[situations[situation]]
  return JSON.stringify({ title, status, ...(error !== undefined && { error }), detail })
}

/**
 * A refusal as an error, for frameworks whose error handlers answer requests. Express and Fastify read `status`,
 * `statusCode`, `headers` and `expose`.
 */
export class GuardError extends Error {
  override readonly name = "GuardError"
  readonly status: number
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly situation: Situation
  /** Whether the message may be shown to the caller. */
  readonly expose = true

  constructor(refusal: Refusal) {
    super(answers[situations[refusal.situation]].detail)
    this.status = refusal.status
    this.statusCode = refusal.status
    this.headers = refusal.headers
    this.body = refusal.body
    this.situation = refusal.situation
  }
}
