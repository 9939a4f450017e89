import * as Effect from "effect/Effect"
import type { AuthError, Reason } from "../../src/ports/errors.ts"
import type { Transport, TransportRequest, TransportResponse } from "../../src/ports/transport.ts"

/** One step of a script: the response to a request, or the reason of its failure. */
export type Step = TransportResponse | Reason | Promise<TransportResponse>

/** A transport without a network. */
export interface ScriptedTransport extends Transport {
  /** The requests so far, in order. */
  readonly requests: ReadonlyArray<TransportRequest>
}

/** Makes a transport that takes one step of the script per request. A request beyond the script dies. */
export const scripted = (...script: ReadonlyArray<Step>): ScriptedTransport => {
  const requests: Array<TransportRequest> = []
  return {
    requests,
    send: (request) =>
      Effect.suspend(() => {
        const step = script[requests.length]
        requests.push(request)
        if (step === undefined) return Effect.die(new Error(`the script has no step for request ${requests.length}`))
        if (step instanceof Promise) return Effect.promise(() => step)
        return "_tag" in step ? Effect.fail(step) : Effect.succeed(step)
      }),
  }
}

/** Makes a response with a JSON body. */
export const json = (
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): TransportResponse => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
})

/** Makes a response with any body. */
export const rawResponse = (status: number, type: string | undefined, body: string): TransportResponse => ({
  status,
  headers: type === undefined ? {} : { "content-type": type },
  body,
})

/** Parses the form body of a request. */
export const formOf = (request: TransportRequest | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(new URLSearchParams(request?.body ?? ""))

/** Runs a call that must fail, and returns its error. */
const errorOf = (call: Effect.Effect<unknown, AuthError>): Promise<AuthError> => Effect.runPromise(Effect.flip(call))

/** Runs a call that must fail, and returns the reason of its error. */
export const reasonOf = async (call: Effect.Effect<unknown, AuthError>): Promise<Reason> => (await errorOf(call)).reason
