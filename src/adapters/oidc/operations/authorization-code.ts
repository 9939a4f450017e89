/** The authorization code grant: the authorization URL, and the callback. */
import * as Effect from "effect/Effect"
import type { CallbackCheck, Reason } from "../../../ports/errors.ts"
import type { Authorization, AuthorizeRequest, Tokens, Transaction } from "../../../ports/issuance.ts"
import type { TransportResponse } from "../../../ports/transport.ts"
import { rejectArgument, unsupportedArgument } from "../arguments/reject-argument.ts"
import type { Engine } from "../engine/engine.ts"
import { comparison } from "../http/compared-values.ts"
import { jsonObject } from "../http/json-response.ts"
import { openidClient } from "../http/openid-client.ts"
import { redact } from "../http/redact.ts"
import { publicValuesOf } from "../http/request-secrets.ts"
import { isIssuer, issuersOf, type Server } from "../server.ts"
import { grant, serverScopes, splitScopes } from "./token-endpoint.ts"

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
    const rejection = rejectArgument(engine, "authorize.loginHint", request.loginHint)
    if (rejection !== undefined) return yield* rejection
    const prompt = request.prompt ?? (request.offline === true ? server.offline?.prompt : undefined)
    if (prompt !== undefined && server.prompts !== undefined && !Object.hasOwn(server.prompts, prompt))
      return yield* unsupportedArgument("authorize", "prompt", "use another prompt: this vendor lacks this one")
    const endpoint = yield* engine.endpoint("authorizationEndpoint", "authorize")

    const requested = serverScopes(server, request.scopes ?? settings.scopes ?? ["openid"])
    const offline = request.offline === true ? server.offline : undefined
    const scopes =
      offline === undefined || requested.includes(offline.scope) ? requested : [...requested, offline.scope]
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
    }
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
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
): Effect.Effect<Tokens, Reason> =>
  Effect.suspend(() => {
    const callback = URL.parse(callbackUrl)
    if (callback === null) return invalid("callbackUrl", "expected an absolute URL")
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
              transaction.maxAgeSeconds !== undefined && { maxAge: maxAgeNow(transaction.maxAgeSeconds, transaction) }),
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
  })

const maxAgeNow = (seconds: number, { createdAtMillis }: Transaction): number =>
  seconds + Math.max(0, Math.ceil((Date.now() - createdAtMillis) / 1000))

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

/** Checks the callback before the code is sent. The state comes before the parameters that depend on it. */
const checkCallback = (engine: Engine, callback: URL, transaction: Transaction): Reason | undefined => {
  const { searchParams } = callback
  const all = (name: string) => searchParams.getAll(name)
  const single = (name: string) => (all(name).length === 1 ? searchParams.get(name) : undefined)
  const { provider, issuer, redirectUri, state } = transaction
  const secrets = [...engine.secrets, ...secretsOf(transaction), ...["code", "state"].flatMap(all)]
  const differs = (name: string, found: unknown, expected: ReadonlyArray<string>) =>
    comparison(name, found, expected, secrets)
  if (provider !== engine.id) return failed("provider", differs("provider of the transaction", provider, [engine.id]))
  if (issuer !== engine.server.issuer)
    return failed("issuer", differs("issuer of the transaction", issuer, [engine.server.issuer]))
  const target = new URL(redirectUri)
  if (!sameTarget(callback, target)) return failed("redirect_uri", targetDifference(callback, target, differs))
  if (single("state") !== state) return failed("state")
  if (searchParams.has("iss") && !isIssuer(engine.server, single("iss")))
    return failed("issuer", differs("iss", all("iss"), issuersOf(engine.server)))
  if (searchParams.has("error"))
    return callbackError(
      single("error") ?? "",
      redact(single("error_description"), secrets, publicValuesOf({}, engine.settings, engine.server)),
    )
  return single("code") ? undefined : failed("code")
}

const secretsOf = ({ state, nonce, verifier }: Transaction): ReadonlyArray<string> => [state, nonce, verifier]

const failed = (check: CallbackCheck, detail?: string): Reason => ({
  _tag: "InvalidCallback",
  check,
  ...(detail !== undefined && { detail }),
})

/** Tells how a callback differs from the redirect URI. Values of the query are not shown. */
const targetDifference = (
  callback: URL,
  redirectUri: URL,
  differs: (name: string, found: unknown, expected: ReadonlyArray<string>) => string,
): string => {
  const [found, expected] = [addressOf(callback), addressOf(redirectUri)]
  return found === expected
    ? "a query parameter of the redirect URI is missing or has another value"
    : differs("redirect URI", found, [expected])
}

/** Returns scheme, host and path. The origin of an app's own scheme is "null". */
const addressOf = ({ protocol, host, pathname }: URL): string => `${protocol}//${host}${pathname}`

const sameTarget = (callback: URL, redirectUri: URL): boolean =>
  callback.protocol === redirectUri.protocol &&
  callback.host === redirectUri.host &&
  callback.pathname === redirectUri.pathname &&
  Array.from(redirectUri.searchParams).every(([name, value]) => callback.searchParams.getAll(name).includes(value))

/** Maps the error code of a callback to a reason (RFC 6749 section 4.1.2.1, OpenID Connect Core 3.1.2.6). */
const callbackError = (code: string, description: string | undefined): Reason => {
  const detail = description === undefined ? {} : { detail: description }
  if (code === "access_denied") return { _tag: "AccessDenied", code, ...detail }
  if (/^(login|interaction|consent|account_selection)_(required)$/.test(code))
    return { _tag: "InteractionRequired", code, ...detail }
  if (code === "server_error" || code === "temporarily_unavailable")
    return { _tag: "Unavailable", detail: [code, description].filter(Boolean).join(": ") }
  return { _tag: "InvalidCallback", check: "error", ...(/^[a-z_]{1,64}$/.test(code) && { code }), ...detail }
}
