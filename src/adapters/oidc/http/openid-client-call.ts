/** Calls of openid-client through latchkey's transport, so that one mapping covers every failure. */
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
import { unexpectedResponse } from "./json-response.ts"
import { maxBytes } from "./limits.ts"
import { type OpenidClient, openidClient } from "./openid-client.ts"

/** One use of a standard operation through openid-client. */
export interface OpenidClientCall<A> {
  readonly operation: Operation
  /** The endpoint of the operation. */
  readonly endpoint: EndpointName
  /** Other endpoints that the operation uses if the server has them. */
  readonly uses?: ReadonlyArray<EndpointName>
  readonly run: (config: client.Configuration, client: OpenidClient) => Promise<A>
  /** Changes the form of the request before it is sent. */
  readonly form?: (form: URLSearchParams) => void
  /** Prepares the configuration, which only this call uses. */
  readonly configure?: (config: client.Configuration, client: OpenidClient) => void
  /** Maps a failed check of openid-client on a successful response to a reason. Default: `UnexpectedResponse`. */
  readonly mismatch?: (code: string | undefined) => Reason | undefined
  /** Rejects a successful response that openid-client would accept. */
  readonly accept?: (response: TransportResponse) => Reason | undefined
  readonly maxBytes?: number
}

/** What the transport observed during one call: the response of the endpoint, or a failure. */
interface Observed {
  response?: TransportResponse
  failure?: Reason
  secrets: ReadonlyArray<string>
}

/**
 * Calls a function of openid-client.
 *
 * openid-client takes no signal per call, and its errors hold the response, including tokens. So each call has its own
 * configuration, whose `fetch` is latchkey's transport with the call's signal. A rejection is mapped from what the
 * transport observed, and openid-client's error is dropped.
 */
export const openidClientCall = <A>(engine: Engine, call: OpenidClientCall<A>): Effect.Effect<A, Reason> =>
  Effect.gen(function* () {
    const resolved: Partial<Record<EndpointName, string>> = {}
    const url = yield* engine.endpoint(call.endpoint, call.operation)
    resolved[call.endpoint] = url
    // Normalised as openid-client does it, so that another spelling of the URL is recognised.
    const mainUrl = new URL(url).href
    for (const name of call.uses ?? []) {
      const url = yield* Effect.catch(engine.endpoint(name, call.operation), ignoreMissingEndpoint)
      if (url !== undefined) resolved[name] = url
    }
    const observed: Observed = { secrets: engine.secrets }
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
      // The transport decides which origins may use http.
      client.allowInsecureRequests(config)
      config[client.customFetch] = fetch
      call.configure?.(config, client)
      return call.run(config, client)
    }
    const { issuer, formerIssuer } = engine.server
    const result = yield* Effect.tryPromise({
      try: (signal) =>
        attempt(issuer, transportAsFetch(engine, call, observed, signal, mainUrl, context)).catch((error: unknown) =>
          // Checks the same response with the earlier issuer. No request is repeated, because a code works once.
          formerIssuer !== undefined && observed.response !== undefined && codeOf(error) === claimMismatch
            ? attempt(formerIssuer, async () => fetchResponse(observed.response ?? emptyResponse))
            : Promise.reject(error),
        ),
      catch: (error) => reasonOfFailure(engine, call, observed, error),
    })
    const rejection = observed.response && call.accept?.(observed.response)
    return rejection === undefined ? result : yield* Effect.fail(rejection)
  })

const ignoreMissingEndpoint = (reason: Reason): Effect.Effect<undefined, Reason> =>
  reason._tag === "UnsupportedOperation" ? Effect.succeed(undefined) : Effect.fail(reason)

const transportAsFetch = <A>(
  engine: Engine,
  call: OpenidClientCall<A>,
  observed: Observed,
  signal: AbortSignal,
  mainUrl: string,
  context: Context.Context<never>,
): client.CustomFetch => {
  return async (url, { method, headers, body }) => {
    const form = body instanceof URLSearchParams ? body : undefined
    if (form !== undefined) call.form?.(form)
    const isMain = url === mainUrl
    if (isMain) observed.secrets = [...engine.secrets, ...secretsOf(form, headers.authorization)]
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
      const failure = exit.cause.reasons.find((each) => each._tag === "Fail")
      if (failure !== undefined) observed.failure = failure.error
      throw new TypeError("no response")
    }
    const response = exit.value
    if (isMain) observed.response = response
    else if (response.status !== 200)
      observed.failure = reasonOf(response, { operation: "metadata.keys", secrets: [], fields: [] }, engine.server)
    return fetchResponse(response)
  }
}

const emptyResponse: TransportResponse = { status: 204, headers: {}, body: "" }

const claimMismatch = "OAUTH_JWT_CLAIM_COMPARISON_FAILED"

const fetchResponse = ({ status, headers, body }: TransportResponse): Response =>
  new Response(status === 204 || status === 205 || status === 304 ? null : body, { status, headers })

/** The secrets of a request, which no error may contain. */
const secretsOf = (form: URLSearchParams | undefined, authorization: string | undefined): ReadonlyArray<string> => [
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

const reasonOfFailure = <A>(
  engine: Engine,
  call: OpenidClientCall<A>,
  { failure, response, secrets }: Observed,
  error: unknown,
): Reason => {
  if (failure !== undefined) return failure
  if (response === undefined)
    return error instanceof CannotSign || (error instanceof Error && error.cause instanceof CannotSign)
      ? unusableKey
      : { _tag: "InvalidRequest", detail: "the request could not be sent" }
  if (
    response.status >= 300 ||
    response.status < 200 ||
    errorRow(response, call.operation, engine.server) !== undefined
  )
    return reasonOf(response, { operation: call.operation, secrets, fields: [] }, engine.server)
  return call.mismatch?.(codeOf(error)) ?? unexpectedResponse(response, "the response that the standard describes")
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined
