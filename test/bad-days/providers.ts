/** Providers that use a scripted server, and the secrets of their configuration and calls. */
import { type OidcConfig, oidc } from "latchkey/oidc"
import { type OryNetworkConfig, type OrySelfHostedConfig, ory } from "latchkey/ory"
import { policiesOff } from "../policies-off.ts"

/**
 * Secrets that no error may contain.
 *
 * They look like words, so that redaction of random-looking text does not match them: only redaction by value does.
 */
export const secrets = {
  clientSecret: "sesameopenwide",
  apiKey: "velvetorchestra",
  token: "quietmarmalade",
  code: "bramblethicket",
  refreshToken: "lanternharbour",
  assertion: "copperwindmill",
  newClientSecret: "saffronlighthouse",
} as const

/** Configuration without policies. Tracing stays on, because no span may contain a secret. */
const client = (url: string) => ({
  ...policiesOff,
  trace: undefined,
  clientId: "service",
  clientSecret: secrets.clientSecret,
  redirectUri: "https://app.example/callback",
  insecureOrigins: [url],
  attemptTimeout: "2 seconds" as const,
})

/** A provider for a self-hosted Ory with both APIs at one origin. */
export const oryAt = (url: string, more: Partial<OrySelfHostedConfig> = {}) =>
  ory({ ...client(url), publicUrl: url, adminUrl: url, ...more })

/** A provider for Ory Network: one host for both APIs, and an API key. */
export const oryNetworkAt = (url: string, more: Partial<OryNetworkConfig> = {}) =>
  ory({ ...client(url), projectUrl: url, apiKey: secrets.apiKey, ...more })

/** A provider for an OpenID server whose endpoints are all discovered. */
export const discoveredAt = (url: string, more: Partial<OidcConfig> = {}) =>
  oidc({ ...client(url), issuer: url, ...more })

/** A provider for an OpenID server whose endpoints are all configured. */
export const oidcAt = (url: string, more: Partial<OidcConfig> = {}) =>
  discoveredAt(url, {
    endpoints: {
      authorizationEndpoint: `${url}/authorize`,
      tokenEndpoint: `${url}/token`,
      introspectionEndpoint: `${url}/introspect`,
      revocationEndpoint: `${url}/revoke`,
      userinfoEndpoint: `${url}/userinfo`,
      jwksUri: `${url}/keys`,
      deviceAuthorizationEndpoint: `${url}/device`,
    },
    ...more,
  })

/** The metadata document of an OpenID server at this origin. */
export const metadataOf = (url: string) => ({
  issuer: url,
  authorization_endpoint: `${url}/authorize`,
  token_endpoint: `${url}/token`,
  introspection_endpoint: `${url}/introspect`,
  revocation_endpoint: `${url}/revoke`,
  userinfo_endpoint: `${url}/userinfo`,
  jwks_uri: `${url}/keys`,
  device_authorization_endpoint: `${url}/device`,
})

export const metadataPath = "/.well-known/openid-configuration"

type ProviderOf<F extends (...args: never) => unknown> =
  ReturnType<F> extends infer E
    ? E extends { readonly [Symbol.iterator]: () => Iterator<unknown, infer A> }
      ? A
      : never
    : never

export type OryProvider = ProviderOf<typeof ory>
export type OidcProvider = ProviderOf<typeof oidc>
