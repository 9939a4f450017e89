/** The authorization code grant: sending the browser away, and taking it back. */
import * as Effect from "effect/Effect"
import type { CallbackCheck, Reason } from "../../../ports/errors.ts"
import type { Authorization, AuthorizeRequest, Tokens, Transaction } from "../../../ports/issuance.ts"
import { refuse, rejectArgument } from "../arguments/reject-argument.ts"
import type { Engine } from "../engine/engine.ts"
import { openidClient } from "../http/openid-client.ts"
import { isIssuer } from "../server.ts"
import { grant, named } from "./token-endpoint.ts"

export const authorize = (engine: Engine, request: AuthorizeRequest): Effect.Effect<Authorization, Reason> =>
  Effect.gen(function* () {
    const { server, settings } = engine
    const redirectUri = request.redirectUri ?? settings.redirectUri
    if (redirectUri === undefined) return yield* invalid("redirectUri", "give one here or in the configuration")
    const unknown = Object.keys(request.extra ?? {}).find((name) => !server.extra?.includes(name))
    if (unknown !== undefined) return yield* invalid(`extra.${unknown}`, "not a parameter that this vendor documents")
    const maxAge = request.extra?.max_age
    if (maxAge !== undefined && !/^\d{1,9}$/.test(String(maxAge)))
      return yield* invalid("extra.max_age", "expected a number of seconds")
    const refused = rejectArgument(engine, "authorize.loginHint", request.loginHint)
    if (refused !== undefined) return yield* refused
    const prompt = request.prompt ?? (request.offline === true ? server.offline?.prompt : undefined)
    if (prompt !== undefined && server.prompts !== undefined && !Object.hasOwn(server.prompts, prompt))
      return yield* refuse("authorize", "prompt", "this vendor's page has no such prompt")
    const endpoint = yield* engine.endpoint("authorizationEndpoint", "authorize")

    const asked = named(server, request.scopes ?? settings.scopes ?? ["openid"])
    const offline = request.offline === true ? server.offline : undefined
    const scopes = offline === undefined || asked.includes(offline.scope) ? asked : [...asked, offline.scope]
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
      created: Date.now(),
      ...(maxAge !== undefined && { maxAge: Number(maxAge) }),
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
    if (callback === null) return invalid("callbackUrl", "not an absolute URL")
    const refused = check(engine, callback, transaction)
    if (refused !== undefined) return Effect.fail(refused)
    // Checked already, against every name of the server; the library knows one.
    const judged = new URL(callback)
    judged.searchParams.delete("iss")
    const openid = transaction.scopes.includes("openid")
    const tokens = grant(
      engine,
      {
        operation: "exchange",
        run: (config, client) =>
          client.authorizationCodeGrant(config, judged, {
            expectedState: transaction.state,
            pkceCodeVerifier: transaction.verifier,
            ...(openid && { expectedNonce: transaction.nonce, idTokenExpected: true }),
            // It was the vendor's to keep when the browser was sent there; the library counts from now.
            ...(openid &&
              transaction.maxAge !== undefined && {
                maxAge: transaction.maxAge + Math.max(0, Math.ceil((Date.now() - transaction.created) / 1000)),
              }),
          }),
        // Byte for byte what was sent before: the library would derive it from the callback, normalised.
        form: (form) => form.set("redirect_uri", transaction.redirectUri),
      },
      { scopes: transaction.scopes },
    )
    if (callback.searchParams.has("iss")) return tokens
    // A server that names itself in every redirect did not make one in which it does not (RFC 9207 section 2.4).
    return Effect.flatMap(engine.metadata, (metadata) =>
      metadata?.raw.authorization_response_iss_parameter_supported === true ? Effect.fail(failed("issuer")) : tokens,
    )
  })

/** Everything that must hold before the code is worth a request; the state first, for the rest rests on it. */
const check = (engine: Engine, callback: URL, transaction: Transaction): Reason | undefined => {
  const { searchParams } = callback
  const one = (name: string) => (searchParams.getAll(name).length === 1 ? searchParams.get(name) : undefined)
  if (transaction.provider !== engine.id) return failed("provider")
  if (transaction.issuer !== engine.server.issuer) return failed("issuer")
  if (!sameTarget(callback, new URL(transaction.redirectUri))) return failed("redirect_uri")
  if (one("state") !== transaction.state) return failed("state")
  if (searchParams.has("iss") && !isIssuer(engine.server, one("iss"))) return failed("issuer")
  if (searchParams.has("error")) return refused(one("error") ?? "")
  return one("code") ? undefined : failed("code")
}

const failed = (check: CallbackCheck): Reason => ({ _tag: "InvalidCallback", check })

const sameTarget = (callback: URL, redirectUri: URL): boolean =>
  callback.protocol === redirectUri.protocol &&
  callback.host === redirectUri.host &&
  callback.pathname === redirectUri.pathname &&
  Array.from(redirectUri.searchParams).every(([name, value]) => callback.searchParams.getAll(name).includes(value))

/** What the vendor put into the redirect (RFC 6749 section 4.1.2.1, OpenID Connect Core 3.1.2.6). */
const refused = (code: string): Reason => {
  if (code === "access_denied") return { _tag: "AccessDenied", code }
  if (/^(login|interaction|consent|account_selection)_(required)$/.test(code))
    return { _tag: "InteractionRequired", code }
  if (code === "server_error" || code === "temporarily_unavailable") return { _tag: "Unavailable", detail: code }
  return { _tag: "InvalidCallback", check: "error", ...(/^[a-z_]{1,64}$/.test(code) && { code }) }
}
