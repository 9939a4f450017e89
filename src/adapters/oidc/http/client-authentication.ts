/** Client authentication, as functions in the form that openid-client takes. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as client from "openid-client"
import type { Reason } from "../../../ports/errors.ts"
import { operations } from "../../../ports/operations.ts"
import type { Settings } from "../configuration/settings.ts"
import type { Endpoints, Server } from "../server.ts"
import { openidClient } from "./openid-client.ts"

/** The authentication of a request that is made without openid-client. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>
  /** Encoded form members, each with a leading `&`; or `""`. */
  readonly form: string
}

/** Makes the function that openid-client calls before each request. */
export const clientAuthentication = (config: Settings, server: Server): client.ClientAuth => {
  const { clientSecret, privateKey } = config
  if (privateKey !== undefined) return signedAssertion(privateKey, server)
  if (clientSecret === undefined) return clientIdOnly
  const secret = Redacted.value(clientSecret)
  return server.clientAuth === "client_secret_post" ? secretInBody(secret) : secretInHeader(secret)
}

// openid-client has the next three functions too. They are here so that introspection does not load openid-client.

const clientIdOnly: client.ClientAuth = (_, { client_id }, body) => body.set("client_id", client_id)

const secretInBody =
  (secret: string): client.ClientAuth =>
  (_, { client_id }, body) => {
    body.set("client_id", client_id)
    body.set("client_secret", secret)
  }

/** Form-encodes both parts before they are joined (RFC 6749 section 2.3.1). */
const secretInHeader =
  (secret: string): client.ClientAuth =>
  (_, { client_id }, _body, headers) =>
    headers.set("authorization", `Basic ${btoa(`${formEncoded(client_id)}:${formEncoded(secret)}`)}`)

/**
 * Form-encodes a value. Escapes everything except letters and digits, because every form parser decodes the escapes.
 */
const formEncoded = (value: string): string =>
  encodeURIComponent(value).replace(/[-_.!~*'()]|%20/g, (match) =>
    match === "%20" ? "+" : `%${match.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** Replaces the platform's error, which may quote the key. */
export class CannotSign extends Error {}

/** Signs a new assertion, with a new `jti`, for every request (RFC 7523 section 3). */
const signedAssertion = (jwk: NonNullable<Settings["privateKey"]>, server: Server): client.ClientAuth => {
  let key: Promise<CryptoKey> | undefined
  return async (as, metadata, body, headers) => {
    try {
      key ??= importKey(jwk)
      const client = await openidClient()
      const audience = audienceOf(as, server)
      const sign = client.PrivateKeyJwt(
        { key: await key, ...(jwk.kid !== undefined && { kid: jwk.kid }) },
        {
          [client.modifyAssertion]: (header, payload) => {
            // openid-client uses `Ed25519` for every Ed25519 key. Some servers know only the older name, `EdDSA`.
            header.alg = jwk.alg
            payload.aud = audience
          },
        },
      )
      await sign(as, metadata, body, headers)
    } catch {
      throw new CannotSign()
    }
  }
}

/** The audience of a client assertion: one text, or a list of several. */
const audienceOf = (as: client.ServerMetadata, { assertionAudience = "issuer" }: Server): string | Array<string> => {
  if (assertionAudience === "issuer") return as.issuer
  if (assertionAudience === "token_endpoint") return as.token_endpoint ?? as.issuer
  const [first, ...others] = assertionAudience
  return first !== undefined && others.length === 0 ? first : [...assertionAudience]
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
 * Returns the credentials of introspection requests.
 *
 * They are computed once if they never change. A client assertion is signed for every attempt.
 */
export const introspectionCredentials = (
  config: Settings,
  server: Server,
  auth: client.ClientAuth,
): (() => Effect.Effect<Credentials, Reason>) => {
  const { introspectionAuth } = server
  if (introspectionAuth === "client_secret_basic") {
    if (config.clientSecret === undefined) return () => Effect.fail(noClientSecret)
    const basic = secretInHeader(Redacted.value(config.clientSecret))
    return () => credentialsOf(config, server, basic)
  }
  if (introspectionAuth === "none") return constant({ headers: {}, form: "" })
  if (introspectionAuth !== undefined && introspectionAuth !== "service_token")
    return constant({ headers: { authorization: `Bearer ${Redacted.value(introspectionAuth)}` }, form: "" })
  if (config.privateKey === undefined) {
    let cached: Credentials | undefined
    return () =>
      cached === undefined
        ? Effect.tap(credentialsOf(config, server, auth), (credentials) => Effect.sync(() => (cached = credentials)))
        : Effect.succeed(cached)
  }
  return () => credentialsOf(config, server, auth)
}

const noClientSecret: Reason = {
  _tag: "UnsupportedOperation",
  standard: operations.introspect,
  instead: "configure a service client or a client secret: this vendor rejects introspection by a public client",
}

const constant = (credentials: Credentials) => () => Effect.succeed(credentials)

const credentialsOf = (config: Settings, server: Server, auth: client.ClientAuth): Effect.Effect<Credentials, Reason> =>
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

/** The reason for a key that cannot sign. The platform's error may quote the key, so it is not repeated. */
export const unusableKey: Reason = {
  _tag: "InvalidConfig",
  issues: [{ path: "privateKey", message: "this key cannot sign with its `alg`: check the key and the `alg`" }],
}

/** The signature algorithms with a private key. Without this list openid-client accepts only RS256. */
const asymmetricAlgorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
]

/**
 * Returns the server metadata for openid-client: the configured endpoints, and those that were resolved for this call.
 */
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
    id_token_signing_alg_values_supported: asymmetricAlgorithms,
    userinfo_signing_alg_values_supported: asymmetricAlgorithms,
    ...Object.fromEntries(Object.entries(rfc8414).filter(([, url]) => url !== undefined)),
  }
}
