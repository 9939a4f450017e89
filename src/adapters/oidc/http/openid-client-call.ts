/** Calls of openid-client through latchkey's transport, so that one mapping covers every failure. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as client from "openid-client"
import { addressedTo, failingAt } from "../../../internal/current-call.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { Operation } from "../../../ports/provider.ts"
import type { TransportRequest, TransportResponse } from "../../../ports/transport.ts"
import type { Engine } from "../engine/engine.ts"
import type { EndpointName } from "../server.ts"
import { withoutAbsentMembers } from "./absent-members.ts"
import { CannotSign, serverMetadata, unusableKey } from "./client-authentication.ts"
import { errorRow, reasonOf } from "./error-response.ts"
import { type Json, jsonObject, pageReason, unexpectedResponse } from "./json-response.ts"
import { verifyingKeys } from "./key-set.ts"
import { maxBytes } from "./limits.ts"
import { type OpenidClient, openidClient } from "./openid-client.ts"
import { claimMismatch, codeOf } from "./openid-client-error.ts"
import { type RequestParts, valuesOf } from "./request-secrets.ts"
import { fetchResponse } from "./text-response.ts"

/** One use of a standard operation through openid-client. */
export interface OpenidClientCall<A> {
  readonly operation: Operation
  /** The endpoint of the operation. */
  readonly endpoint: EndpointName
  /** Endpoints that only a signed response needs. They are discovered after such a response, and only then. */
  readonly uses?: ReadonlyArray<EndpointName>
  /** `received` returns the response with the absent members that openid-client does not see. */
  readonly run: (config: client.Configuration, client: OpenidClient, received: () => Json | undefined) => Promise<A>
  /** Changes the form of the request before it is sent. */
  readonly form?: (form: URLSearchParams) => void
  /** Prepares the configuration, which only this call uses. */
  readonly configure?: (config: client.Configuration, client: OpenidClient) => void
  /** Maps a failed check of openid-client on a successful response to a reason. Default: `UnexpectedResponse`. */
  readonly mismatch?: (
    code: string | undefined,
    response: TransportResponse,
    secrets: ReadonlyArray<string>,
  ) => Reason | undefined
  /** Rejects a successful response that openid-client would accept. */
  readonly accept?: (response: TransportResponse) => Reason | undefined
  /** Returns the result of an error response that means success. */
  readonly recover?: (response: TransportResponse) => { readonly result: A } | undefined
  readonly maxBytes?: number
}

/** What the transport observed during one call: the response of the endpoint, or a failure. */
interface Observed {
  response?: TransportResponse
  failure?: Reason | undefined
  /** What was sent to the endpoint. */
  request?: RequestParts
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
    const observed: Observed = {}
    const context = yield* Effect.context()
    const client = yield* Effect.promise(openidClient)
    const attempt = (issuer: string, fetch: client.CustomFetch): Promise<A> => {
      const config = new client.Configuration(
        { ...serverMetadata(engine.server, resolved), issuer },
        engine.settings.clientId,
        { [client.clockTolerance]: engine.settings.clockSkew / 1000 },
        engine.auth,
      )
      config.timeout = 0
      // The transport decides which origins may use http.
      client.allowInsecureRequests(config)
      config[client.customFetch] = fetch
      call.configure?.(config, client)
      return call.run(config, client, () => observed.response && jsonObject(observed.response))
    }
    const { issuer, formerIssuer } = engine.server
    const attempted = Effect.tryPromise({
      try: (signal) => {
        const fetch = transportAsFetch(engine, call, observed, signal, mainUrl, context)
        return attempt(issuer, fetch).catch((error: unknown) =>
          // Checks the same response with the earlier issuer.
          formerIssuer !== undefined && observed.response !== undefined && codeOf(error) === claimMismatch
            ? attempt(formerIssuer, fetch)
            : Promise.reject(error),
        )
      },
      catch: (error) => reasonOfFailure(engine, call, observed, error),
    })
    // Without a failed request, the failure is about the response of the endpoint, or its request could not be made.
    const once = Effect.tapError(attempted, () => (observed.failure === undefined ? addressedTo(url) : Effect.void))
    const result = yield* Effect.catch(once, (reason) => {
      const recovered = observed.response && call.recover?.(observed.response)
      if (recovered !== undefined) return Effect.succeed(recovered.result)
      return isSigned(observed.response) && call.uses?.some((name) => engine.server.endpoints?.[name] === undefined)
        ? Effect.andThen(discover(engine, call, resolved), once)
        : Effect.fail(reason)
    })
    const rejection = observed.response && call.accept?.(observed.response)
    return rejection === undefined ? result : yield* failingAt(url, Effect.fail(rejection))
  })

/** Whether a response is a JWT, which is checked with the server's keys. */
const isSigned = (response: TransportResponse | undefined): boolean =>
  response?.status === 200 && /^application\/jwt\b/i.test(response.headers["content-type"] ?? "")

/** Adds the endpoints that a signed response needs. */
const discover = <A>(
  engine: Engine,
  { operation, uses = [] }: OpenidClientCall<A>,
  resolved: Partial<Record<EndpointName, string>>,
): Effect.Effect<void, Reason> =>
  Effect.forEach(
    uses,
    (name) =>
      Effect.map(Effect.catch(engine.endpoint(name, operation), ignoreMissingEndpoint), (url) => {
        if (url !== undefined) resolved[name] = url
      }),
    { discard: true },
  )

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
    // A second attempt checks the same response. No request is repeated, because a code works once.
    if (isMain && observed.response !== undefined) return fetchResponse(withoutAbsentMembers(observed.response))
    if (isMain) observed.request = { url, headers, form }
    const exit = await Effect.runPromiseExitWith(context)(
      engine.transport.send(
        {
          method: method as TransportRequest["method"],
          url,
          headers,
          ...(form !== undefined && { body: form.toString() }),
          timeout: engine.settings.attemptTimeout,
          maxBytes: call.maxBytes ?? maxBytes.default,
        },
        isMain ? call.operation : "metadata.keys",
      ),
      { signal },
    )
    if (Exit.isFailure(exit)) {
      observed.failure = exit.cause.reasons.find((each) => each._tag === "Fail")?.error ?? observed.failure
      throw new TypeError("no response")
    }
    const response = exit.value
    const page = pageReason(response, () => valuesOf({ url, headers, form }, engine))
    if (page !== undefined) {
      observed.failure = page
      throw new TypeError("a web page")
    }
    if (isMain) observed.response = response
    else if (response.status !== 200)
      observed.failure = reasonOf(response, { operation: "metadata.keys", secrets: [], fields: [] }, engine.server)
    return fetchResponse(isMain ? withoutAbsentMembers(response) : verifyingKeys(response, engine.server.issuer))
  }
}

const reasonOfFailure = <A>(
  engine: Engine,
  call: OpenidClientCall<A>,
  { failure, response, request = {} }: Observed,
  error: unknown,
): Reason => {
  if (failure !== undefined) return failure
  const values = valuesOf(request, engine)
  if (response === undefined)
    return error instanceof CannotSign || (error instanceof Error && error.cause instanceof CannotSign)
      ? unusableKey
      : { _tag: "InvalidRequest", detail: "the request could not be sent" }
  const isError = response.status < 200 || response.status >= 300
  if (isError || errorRow(response, call.operation, engine.server) !== undefined)
    return reasonOf(response, { operation: call.operation, fields: [], ...values }, engine.server)
  const mismatch = call.mismatch?.(codeOf(error), response, values.secrets)
  return mismatch ?? unexpectedResponse(response, "the response that the standard describes")
}
