/** Calling openid-client through our own door, so that one mapping names every failure. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as client from "openid-client"
import type { Reason } from "../../../ports/errors.ts"
import type { Operation } from "../../../ports/provider.ts"
import type { TransportRequest, TransportResponse } from "../../../ports/transport.ts"
import type { Engine } from "../engine/engine.ts"
import type { EndpointName } from "../server.ts"
import { CannotSign, serverMetadata, unusableKey } from "./client-authentication.ts"
import { errorRow, reasonOf } from "./error-response.ts"
import { unexpected } from "./json-response.ts"
import { maxBytes } from "./limits.ts"
import { type OpenidClient, openidClient } from "./openid-client.ts"

/** One standard operation to perform with openid-client. */
export interface OpenidClientCall<A> {
  readonly operation: Operation
  /** The endpoint that the operation talks to. */
  readonly endpoint: EndpointName
  /** Further endpoints it may use, where the server has them. */
  readonly uses?: ReadonlyArray<EndpointName>
  readonly run: (config: client.Configuration, client: OpenidClient) => Promise<A>
  /** Changes the form before it is sent. */
  readonly form?: (form: URLSearchParams) => void
  /** Prepares the configuration, which serves this call alone. */
  readonly configure?: (config: client.Configuration, client: OpenidClient) => void
  /** Names a failure of the library's checks on a good answer; default: `UnexpectedResponse`. */
  readonly mismatch?: (code: string | undefined) => Reason | undefined
  /** Refuses a good answer that the library would take. */
  readonly accept?: (answer: TransportResponse) => Reason | undefined
  readonly maxBytes?: number
}

/** What the door saw of one call: the answer to judge by, or why there is none. */
interface Seen {
  answer?: TransportResponse
  failure?: Reason
  secrets: ReadonlyArray<string>
}

/**
 * Performs a call of openid-client's.
 *
 * The library takes no signal per call and re-throws errors that hold the answer, tokens included. So each call gets a
 * configuration of its own whose `fetch` is our door, closed over this call's signal; a rejection is judged by what the
 * door saw, and the library's error is dropped.
 */
export const openidClientCall = <A>(engine: Engine, call: OpenidClientCall<A>): Effect.Effect<A, Reason> =>
  Effect.gen(function* () {
    const resolved: Partial<Record<EndpointName, string>> = {}
    const url = yield* engine.endpoint(call.endpoint, call.operation)
    resolved[call.endpoint] = url
    // As the library writes it: one spelled otherwise must not pass for another endpoint.
    const main = new URL(url).href
    for (const name of call.uses ?? []) {
      const url = yield* Effect.catch(engine.endpoint(name, call.operation), absentIsFine)
      if (url !== undefined) resolved[name] = url
    }
    const seen: Seen = { secrets: engine.secrets }
    const context = yield* Effect.context()
    const client = yield* Effect.promise(openidClient)
    const attempt = (issuer: string, fetch: client.CustomFetch): Promise<A> => {
      const config = new client.Configuration(
        { ...serverMetadata(engine.server, resolved), issuer },
        engine.settings.clientId,
        { [client.clockTolerance]: engine.settings.clockSkew },
        engine.auth,
      )
      config.timeout = 0
      // The door decides what may be plain http, by exact origin.
      client.allowInsecureRequests(config)
      config[client.customFetch] = fetch
      call.configure?.(config, client)
      return call.run(config, client)
    }
    const { issuer, formerIssuer } = engine.server
    const result = yield* Effect.tryPromise({
      try: (signal) =>
        attempt(issuer, doorAsFetch(engine, call, seen, signal, main, context)).catch((error: unknown) =>
          // Judged once more under the server's other name; nothing is sent again, for a code works once.
          formerIssuer !== undefined && seen.answer !== undefined && codeOf(error) === claimMismatch
            ? attempt(formerIssuer, async () => responseOf(seen.answer ?? nothing))
            : Promise.reject(error),
        ),
      catch: (error) => judge(engine, call, seen, error),
    })
    const refused = seen.answer && call.accept?.(seen.answer)
    return refused === undefined ? result : yield* Effect.fail(refused)
  })

const absentIsFine = (reason: Reason): Effect.Effect<undefined, Reason> =>
  reason._tag === "UnsupportedOperation" ? Effect.succeed(undefined) : Effect.fail(reason)

const doorAsFetch = <A>(
  engine: Engine,
  call: OpenidClientCall<A>,
  seen: Seen,
  signal: AbortSignal,
  main: string,
  context: Context.Context<never>,
): client.CustomFetch => {
  return async (url, { method, headers, body }) => {
    const form = body instanceof URLSearchParams ? body : undefined
    if (form !== undefined) call.form?.(form)
    const isMain = url === main
    if (isMain) seen.secrets = [...engine.secrets, ...sent(form, headers.authorization)]
    const exit = await Effect.runPromiseExitWith(context)(
      engine.transport.send({
        method: method as TransportRequest["method"],
        url,
        headers,
        ...(form !== undefined && { body: form.toString() }),
        timeout: engine.settings.attemptTimeout,
        maxBytes: call.maxBytes ?? maxBytes.default,
      }),
      { signal },
    )
    if (Exit.isFailure(exit)) {
      const failed = exit.cause.reasons.find((each) => each._tag === "Fail")
      if (failed !== undefined) seen.failure = failed.error
      throw new TypeError("no answer")
    }
    const answer = exit.value
    if (isMain) seen.answer = answer
    else if (answer.status !== 200)
      seen.failure = reasonOf(answer, { operation: "metadata.keys", secrets: [], fields: [] }, engine.server)
    return responseOf(answer)
  }
}

const nothing: TransportResponse = { status: 204, headers: {}, body: "" }

const claimMismatch = "OAUTH_JWT_CLAIM_COMPARISON_FAILED"

const responseOf = ({ status, headers, body }: TransportResponse): Response =>
  new Response(status === 204 || status === 205 || status === 304 ? null : body, { status, headers })

/** What of a request may never be repeated. */
const sent = (form: URLSearchParams | undefined, authorization: string | undefined): ReadonlyArray<string> => [
  ...[
    "token",
    "code",
    "code_verifier",
    "refresh_token",
    "assertion",
    "client_assertion",
    "client_secret",
    "device_code",
  ].flatMap((name) => form?.getAll(name) ?? []),
  ...(authorization === undefined ? [] : [authorization.slice(authorization.indexOf(" ") + 1)]),
]

const judge = <A>(engine: Engine, call: OpenidClientCall<A>, seen: Seen, error: unknown): Reason => {
  if (seen.failure !== undefined) return seen.failure
  const { answer } = seen
  if (answer === undefined)
    return error instanceof CannotSign || (error instanceof Error && error.cause instanceof CannotSign)
      ? unusableKey
      : { _tag: "InvalidRequest", detail: "could not be sent" }
  if (answer.status >= 300 || answer.status < 200 || errorRow(answer, call.operation, engine.server) !== undefined)
    return reasonOf(answer, { operation: call.operation, secrets: seen.secrets, fields: [] }, engine.server)
  return call.mismatch?.(codeOf(error)) ?? unexpected(answer, "the answer that the standard describes")
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined
