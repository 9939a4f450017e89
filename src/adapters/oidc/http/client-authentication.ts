/** How the client proves itself, in functions of the kind that openid-client takes. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as client from "openid-client"
import type { Reason } from "../../../ports/errors.ts"
import { operations } from "../../../ports/operations.ts"
import type { Settings } from "../configuration/settings.ts"
import type { Endpoints, Server } from "../server.ts"
import { openidClient } from "./openid-client.ts"

/** What a hand-written request adds to prove itself. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>
  /** Form members, encoded, each with its leading `&`; or `""`. */
  readonly form: string
}

/** Makes the function that openid-client calls before each request. */
export const clientAuthentication = (config: Settings, server: Server): client.ClientAuth => {
  const { clientSecret, privateKey } = config
  if (privateKey !== undefined) return signedAssertion(privateKey, server)
  if (clientSecret === undefined) return idAlone
  const value = Redacted.value(clientSecret)
  return server.clientAuth === "client_secret_post" ? secretInBody(value) : secretInHeader(value)
}

// These three are as openid-client has them, but introspection need not wait for it to load.

const idAlone: client.ClientAuth = (_, { client_id }, body) => body.set("client_id", client_id)

const secretInBody =
  (secret: string): client.ClientAuth =>
  (_, { client_id }, body) => {
    body.set("client_id", client_id)
    body.set("client_secret", secret)
  }

/** Both parts are form-encoded before they are joined (RFC 6749 section 2.3.1). */
const secretInHeader =
  (secret: string): client.ClientAuth =>
  (_, { client_id }, _body, headers) =>
    headers.set("authorization", `Basic ${btoa(`${formEncoded(client_id)}:${formEncoded(secret)}`)}`)

/** Escapes all but letters and digits, which every reader of forms undoes. */
const formEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/[-_.!~*'()]|%20/g, (each) =>
    each === "%20" ? "+" : `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** Thrown in place of the platform's error, which may quote the key. */
export class CannotSign extends Error {}

/** Signs a fresh assertion, with its own `jti`, for every request (RFC 7523 section 3). */
const signedAssertion = (jwk: NonNullable<Settings["privateKey"]>, server: Server): client.ClientAuth => {
  let key: Promise<CryptoKey> | undefined
  return async (as, metadata, body, headers) => {
    try {
      key ??= importKey(jwk)
      const client = await openidClient()
      const audience = server.assertionAudience === "token_endpoint" ? as.token_endpoint : as.issuer
      const sign = client.PrivateKeyJwt(
        { key: await key, ...(jwk.kid !== undefined && { kid: jwk.kid }) },
        {
          [client.modifyAssertion]: (header, payload) => {
            // The library would call every Ed25519 signature "Ed25519"; the older name is all that some servers know.
            header.alg = jwk.alg
            payload.aud = audience ?? as.issuer
          },
        },
      )
      await sign(as, metadata, body, headers)
    } catch {
      throw new CannotSign()
    }
  }
}

const importKey = (jwk: NonNullable<Settings["privateKey"]>): Promise<CryptoKey> => {
  const { alg } = jwk
  const hash = `SHA-${alg.slice(-3)}`
  const parameters = alg.startsWith("RS")
    ? { name: "RSASSA-PKCS1-v1_5", hash }
    : alg.startsWith("PS")
      ? { name: "RSA-PSS", hash }
      : alg.startsWith("ES")
        ? { name: "ECDSA", namedCurve: String(jwk.crv) }
        : { name: "Ed25519" }
  const { key_ops: _ops, use: _use, ext: _ext, ...material } = jwk
  return crypto.subtle.importKey("jwk", material, parameters, false, ["sign"])
}

/**
 * Says what an introspection request adds: prepared once where it is always the same, signed for every attempt where
 * it is not.
 */
export const introspectionCredentials = (
  config: Settings,
  server: Server,
  auth: client.ClientAuth,
): (() => Effect.Effect<Credentials, Reason>) => {
  const own = server.introspectionAuth
  if (own === "client_secret_basic") {
    if (config.clientSecret === undefined) return () => Effect.fail(secretless)
    const basic = secretInHeader(Redacted.value(config.clientSecret))
    return () => apply(config, server, basic)
  }
  if (own === "none") return constant({ headers: {}, form: "" })
  if (own !== undefined && own !== "service_token")
    return constant({ headers: { authorization: `Bearer ${Redacted.value(own)}` }, form: "" })
  if (config.privateKey === undefined) {
    let prepared: Credentials | undefined
    return () =>
      prepared === undefined
        ? Effect.tap(apply(config, server, auth), (fresh) => Effect.sync(() => (prepared = fresh)))
        : Effect.succeed(prepared)
  }
  return () => apply(config, server, auth)
}

const secretless: Reason = {
  _tag: "UnsupportedOperation",
  standard: operations.introspect,
  instead: "configure a service client, or a client secret: a public client may not introspect here",
}

const constant = (credentials: Credentials) => () => Effect.succeed(credentials)

const apply = (config: Settings, server: Server, auth: client.ClientAuth): Effect.Effect<Credentials, Reason> =>
  Effect.tryPromise({
    try: async () => {
      const body = new URLSearchParams()
      const headers = new Headers()
      await auth(serverMetadata(server, {}), { client_id: config.clientId }, body, headers)
      const form = body.toString()
      return { headers: Object.fromEntries(headers), form: form === "" ? "" : `&${form}` }
    },
    catch: (): Reason => unusableKey,
  })

/** A key that cannot sign: the platform's error may quote it, so it says no more. */
export const unusableKey: Reason = {
  _tag: "InvalidConfig",
  issues: [{ path: "privateKey", message: "this key cannot sign with its alg" }],
}

/** Signatures that a server makes with a key nobody else has; the library would take RS256 alone. */
const asymmetric = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]

/** A server in openid-client's words: the endpoints given, and those resolved for this call. */
export const serverMetadata = (server: Server, resolved: Endpoints): client.ServerMetadata => {
  const endpoints = { ...server.endpoints, ...resolved }
  const rfc8414 = {
    authorization_endpoint: endpoints.authorizationEndpoint,
    token_endpoint: endpoints.tokenEndpoint,
    introspection_endpoint: endpoints.introspectionEndpoint,
    revocation_endpoint: endpoints.revocationEndpoint,
    userinfo_endpoint: endpoints.userinfoEndpoint,
    jwks_uri: endpoints.jwksUri,
    end_session_endpoint: endpoints.endSessionEndpoint,
    device_authorization_endpoint: endpoints.deviceAuthorizationEndpoint,
  }
  return {
    issuer: server.issuer,
    id_token_signing_alg_values_supported: asymmetric,
    userinfo_signing_alg_values_supported: asymmetric,
    ...Object.fromEntries(Object.entries(rfc8414).filter(([, url]) => url !== undefined)),
  }
}
