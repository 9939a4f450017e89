import * as Effect from "effect/Effect"
import type { AuthError, Reason } from "../../src/ports/errors.ts"
import type { Transport, TransportRequest, TransportResponse } from "../../src/ports/transport.ts"

/** What the door does with one request: answer, or fail. */
export type Step = TransportResponse | Reason | Promise<TransportResponse>

/** A door to no network. */
export interface ScriptedTransport extends Transport {
  /** What was asked so far, in order. */
  readonly requests: ReadonlyArray<TransportRequest>
}

/** Takes one step of the script for each request, and remembers what it was asked. A request too many is a defect. */
export const scripted = (...script: ReadonlyArray<Step>): ScriptedTransport => {
  const requests: Array<TransportRequest> = []
  return {
    requests,
    send: (request) =>
      Effect.suspend(() => {
        const step = script[requests.length]
        requests.push(request)
        if (step === undefined) return Effect.die(new Error(`nobody scripted request ${requests.length}`))
        if (step instanceof Promise) return Effect.promise(() => step)
        return "_tag" in step ? Effect.fail(step) : Effect.succeed(step)
      }),
  }
}

/** An answer in JSON. */
export const json = (
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): TransportResponse => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
})

/** An answer of any kind. */
export const answer = (status: number, type: string | undefined, body: string): TransportResponse => ({
  status,
  headers: type === undefined ? {} : { "content-type": type },
  body,
})

/** The form that a request carries. */
export const formOf = (request: TransportRequest | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(new URLSearchParams(request?.body ?? ""))

/** The error that a call ends with; a success is a failure of the test. */
const errorOf = (call: Effect.Effect<unknown, AuthError>): Promise<AuthError> => Effect.runPromise(Effect.flip(call))

/** The reason that a call ends with. */
export const reasonOf = async (call: Effect.Effect<unknown, AuthError>): Promise<Reason> => (await errorOf(call)).reason
