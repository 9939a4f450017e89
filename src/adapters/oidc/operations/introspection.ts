/** Token introspection. It uses the transport directly, without openid-client, because this is the hot path. */
import * as Effect from "effect/Effect"
import { AudienceIsSigned, KeysAreUnavailable } from "../../../internal/signed-audience.ts"
import { countRejections, recordRejection } from "../../../internal/telemetry.ts"
import { canBe } from "../../../internal/token-text.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { IntrospectOptions, TokenState } from "../../../ports/introspection.ts"
import { operations } from "../../../ports/operations.ts"
import type { TransportRequest, TransportResponse } from "../../../ports/transport.ts"
import { rejectArgument } from "../arguments/reject-argument.ts"
import type { Settings } from "../configuration/settings.ts"
import { type Engine, tenantOf } from "../engine/engine.ts"
import { type Credentials, introspectionCredentials } from "../http/client-authentication.ts"
import { errorRow, reasonOf } from "../http/error-response.ts"
import { maxBytes } from "../http/limits.ts"
import { publicValuesOf, secretsOf } from "../http/request-secrets.ts"
import { reportResponse, reportUnsendable } from "./explain-response.ts"
import { type Rejected, tokenState } from "./introspection-response.ts"

const inactive: TokenState = { active: false }

/** The parts of an introspection request that are the same for every token. */
interface Prepared {
  readonly request: Omit<TransportRequest, "body">
  /** The credentials in the form. */
  readonly form: string
}

/** Makes `introspect` for one server. The parts that are the same for every token are made once. */
export const makeIntrospect = (
  engine: Engine,
): ((token: string, options?: IntrospectOptions) => Effect.Effect<TokenState, Reason>) => {
  const { server, settings, transport } = engine
  const countRejection = countRejections(engine.id, tenantOf(engine), engine.events)
  const credentials = introspectionCredentials(settings, server, engine.auth)
  const endpoint = engine.endpoint("introspectionEndpoint", "introspect")
  const prepareRequest = requestMaker(settings)
  const prepare = Effect.zipWith(endpoint, Effect.suspend(credentials), prepareRequest)
  const isReusable = server.endpoints?.introspectionEndpoint !== undefined && hasConstantCredentials(engine)
  let prepared: Prepared | undefined

  const send = (token: string, expect: "access_token" | "refresh_token", { request, form }: Prepared) => {
    const secrets = () => secretsOf({ headers: request.headers, form: new URLSearchParams(form) })
    const body = `token=${encodeURIComponent(token)}&token_type_hint=${expect}${form}`
    return Effect.flatMap(transport.send({ ...request, body }, "introspect"), (response) =>
      Effect.withFiber((fiber) => {
        reportResponse(fiber, { response, token, expect, secrets }, engine)
        return resultOf(response, token, expect, secrets)
      }),
    )
  }

  const resultOf = (
    response: TransportResponse,
    token: string,
    expect: "access_token" | "refresh_token",
    secrets: () => ReadonlyArray<string>,
  ) => {
    const allSecrets = () => [...engine.secrets, token, ...secrets()]
    if (errorRow(response, "introspect", server)?.reason === "Inactive") return Effect.succeed(inactive)
    if (response.status !== 200) {
      const known = publicValuesOf({}, settings, server)
      const sent = { operation: "introspect", secrets: allSecrets(), known, fields: [] } as const
      return Effect.fail(reasonOf(response, sent, server))
    }
    const state = tokenState(response, token, expect, settings, server, allSecrets)
    if ("rejected" in state) return inactiveUnlessSigned(state)
    return "_tag" in state ? Effect.fail(state) : Effect.succeed(state)
  }

  const inactiveUnlessSigned = ({ rejected, ifSigned }: Rejected): Effect.Effect<TokenState, Reason> =>
    Effect.withFiber((fiber) => {
      if (ifSigned !== undefined && fiber.getRef(AudienceIsSigned)) return Effect.succeed<TokenState>(ifSigned)
      if (ifSigned !== undefined && fiber.getRef(KeysAreUnavailable)) return Effect.fail(undecided)
      return Effect.as(recordRejection(countRejection, rejected), inactive)
    })

  return (token, options) => {
    const expect = options?.expect ?? "access_token"
    const rejection = options && rejectOptions(engine, options)
    if (rejection) return rejection
    // The string is not sent, because vendors respond to it with errors, or read another token from it.
    if (!canBe("visible", token)) return unsent
    if (prepared !== undefined) return send(token, expect, prepared)
    if (server.introspectionAuth === "service_token")
      return engine.serviceToken.use((serviceToken) =>
        Effect.flatMap(endpoint, (url) =>
          send(token, expect, prepareRequest(url, { headers: { authorization: `Bearer ${serviceToken}` }, form: "" })),
        ),
      )
    return Effect.flatMap(prepare, (request) => {
      if (isReusable) prepared = request
      return send(token, expect, request)
    })
  }
}

const undecided: Reason = { _tag: "Unavailable", detail: "no key to verify the signature, and the response has no aud" }

/** The result for a token that is not sent. */
const unsent: Effect.Effect<TokenState> = Effect.withFiber((fiber) => {
  reportUnsendable(fiber)
  return Effect.succeed(inactive)
})

/** Whether every request has the same credentials: no assertion to sign, no service token to refresh. */
const hasConstantCredentials = ({ server: { introspectionAuth }, settings }: Engine): boolean =>
  introspectionAuth !== undefined || settings.privateKey === undefined

const rejectOptions = (
  engine: Engine,
  { freshness, expect }: IntrospectOptions,
): Effect.Effect<never, Reason> | undefined =>
  freshness === "local"
    ? Effect.fail({
        _tag: "UnsupportedOperation",
        standard: operations.introspect,
        argument: "freshness",
        instead: 'use freshness "live"',
      })
    : rejectArgument(engine, "introspect.expect", expect === "refresh_token" ? expect : undefined)

const requestMaker =
  ({ attemptTimeout }: Settings) =>
  (url: string, { headers, form }: Credentials): Prepared => ({
    request: {
      method: "POST",
      url,
      headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded", ...headers },
      timeout: attemptTimeout,
      maxBytes: maxBytes.introspection,
    },
    form,
  })
