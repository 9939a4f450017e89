/** The authorization code grant: the authorization URL, and the callback. */
import * as Effect from "effect/Effect"
import { splitScopes } from "../../../internal/token-members.ts"
import { isShort, maxCallbackLength } from "../../../internal/token-text.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { Authorization, AuthorizeRequest, Tokens, Transaction } from "../../../ports/issuance.ts"
import type { TransportResponse } from "../../../ports/transport.ts"
import { rejectArgument, unsupportedArgument } from "../arguments/reject-argument.ts"
import type { Engine } from "../engine/engine.ts"
import { comparison } from "../http/compared-values.ts"
import { jsonObject } from "../http/json-response.ts"
import { openidClient } from "../http/openid-client.ts"
import { issuersOf, type Server } from "../server.ts"
import { audienceRequest } from "./audience-request.ts"
import { checkCallback, failed } from "./callback.ts"
import { grant, serverScopes } from "./token-endpoint.ts"

export const authorize = (engine: Engine, request: AuthorizeRequest): Effect.Effect<Authorization, Reason> =>
  Effect.gen(function* () {
    const { server, settings } = engine
    const redirectUri = request.redirectUri ?? settings.redirectUri
    if (redirectUri === undefined)
      return yield* invalid("redirectUri", "missing: give one in the call or in the configuration")
    const unknown = Object.keys(request.extra ?? {}).find((name) => !server.extra?.includes(name))
    if (unknown !== undefined) return yield* invalid(`extra.${unknown}`, "not a parameter that this vendor documents")
    const maxAge = request.extra?.max_age
    if (maxAge !== undefined && !/^\d{1,9}$/.test(String(maxAge)))
      return yield* invalid("extra.max_age", "expected a number of seconds, of at most 9 digits")
    const rejection =
      rejectArgument(engine, "authorize.loginHint", request.loginHint) ??
      rejectArgument(engine, "authorize.audience", request.audience)
    if (rejection !== undefined) return yield* rejection
    const prompt = request.prompt ?? (request.offline === true ? server.offline?.prompt : undefined)
    if (prompt !== undefined && server.prompts !== undefined && !Object.hasOwn(server.prompts, prompt))
      return yield* unsupportedArgument("authorize", "prompt", "use another prompt: this vendor lacks this one")
    const endpoint = yield* engine.endpoint("authorizationEndpoint", "authorize")

    const offline = request.offline === true ? server.offline : undefined
    const audience = audienceRequest(server, request.audience)
    const scopes = Array.from(
      new Set([
        ...serverScopes(server, request.scopes ?? settings.scopes ?? ["openid"]),
        ...audience.scopes,
        ...(offline?.scope === undefined ? [] : [offline.scope]),
      ]),
    )
    const client = yield* Effect.promise(openidClient)
    const verifier = client.randomPKCECodeVerifier()
    const transaction: Transaction = {
      provider: engine.id,
      issuer: server.issuer,
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier,
      redirectUri,
      scopes,
      createdAtMillis: Date.now(),
      ...(maxAge !== undefined && { maxAgeSeconds: Number(maxAge) }),
    }

    const url = new URL(endpoint)
    const parameters = {
      response_type: "code",
      client_id: settings.clientId,
      redirect_uri: redirectUri,
      scope: scopes.join(" "),
      state: transaction.state,
      nonce: transaction.nonce,
      code_challenge: yield* Effect.promise(() => client.calculatePKCECodeChallenge(verifier)),
      code_challenge_method: "S256",
      ...(prompt !== undefined && { prompt: server.prompts?.[prompt] ?? prompt }),
      ...(request.loginHint !== undefined && { login_hint: request.loginHint }),
      ...offline?.parameters,
    }
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    for (const [name, value] of audience.parameters) url.searchParams.append(name, value)
    for (const [name, value] of Object.entries(request.extra ?? {}))
      for (const each of [value].flat()) url.searchParams.append(name, each)
    return { url: url.href, transaction }
  })

const invalid = (field: string, detail: string): Effect.Effect<never, Reason> =>
  Effect.fail({ _tag: "InvalidRequest", field, detail })

export const exchange = (
  engine: Engine,
  callbackUrl: string | URL,
  transaction: Transaction,
): Effect.Effect<Tokens, Reason> => {
  // Not suspended: a callback that fails a check is rejected when the operation is called.
  const callback = URL.parse(callbackUrl)
  if (callback === null) return invalid("callbackUrl", "expected an absolute URL")
  // The text was short, and is up to nine times as long when it is encoded.
  if (!isShort(callback.href, maxCallbackLength)) return Effect.fail(failed("code"))
  const rejection = checkCallback(engine, callback, transaction)
  if (rejection !== undefined) return Effect.fail(rejection)
  // `iss` is already checked, with both issuers of the server. openid-client knows only one.
  const withoutIssuer = new URL(callback)
  withoutIssuer.searchParams.delete("iss")
  const isOpenid = transaction.scopes.includes("openid")
  const tokens = grant(
    engine,
    {
      operation: "exchange",
      run: (config, client) =>
        client.authorizationCodeGrant(config, withoutIssuer, {
          expectedState: transaction.state,
          pkceCodeVerifier: transaction.verifier,
          ...(isOpenid && { expectedNonce: transaction.nonce, idTokenExpected: true }),
          // `max_age` limits the age of the login at the time of `authorize`. openid-client counts from now.
          ...(isOpenid &&
            transaction.maxAgeSeconds !== undefined && {
              maxAge: transaction.maxAgeSeconds + secondsSince(transaction.createdAtMillis),
            }),
        }),
      // The same bytes as in `authorize`: openid-client would derive a normalised URI from the callback.
      form: (form) => form.set("redirect_uri", transaction.redirectUri),
      ...(isOpenid && { mismatch: (_, response) => missingIdToken(response, engine.server) }),
    },
    { scopes: transaction.scopes },
  )
  if (callback.searchParams.has("iss")) return tokens
  // A callback without `iss` is not from a server that always sends `iss` (RFC 9207 section 2.4).
  return Effect.flatMap(engine.metadata, (metadata) =>
    metadata?.raw.authorization_response_iss_parameter_supported === true
      ? Effect.fail(failed("issuer", comparison("iss", undefined, issuersOf(engine.server), [])))
      : tokens,
  )
}

const secondsSince = (millis: number): number => Math.max(0, Math.ceil((Date.now() - millis) / 1000))

/** The reason of a response with tokens, but without the ID token that the scope `openid` requests. */
const missingIdToken = (response: TransportResponse, { absentTokenScope }: Server): Reason | undefined => {
  const body = jsonObject(response)
  if (!isText(body?.access_token) || isText(body.id_token)) return undefined
  const isGranted = isText(body.scope) ? splitScopes(body.scope).includes("openid") : absentTokenScope !== "none"
  return {
    _tag: "UnexpectedResponse",
    status: response.status,
    path: "id_token",
    detail: isGranted
      ? 'the scope "openid" was requested, and the server sent no ID token'
      : 'the scope "openid" was requested and not granted, so the server sent no ID token: allow the client this scope, or request scopes without it',
  }
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== ""
