/** Providers whose vendor is a scripted server, and the secrets they are given. */
import { oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { policiesOff } from "../policies-off.ts"

/**
 * What no error may repeat.
 *
 * They look like words on purpose: what looks random may be taken out by its looks, these only by value.
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

type OryInput = Parameters<typeof ory>[0]
type OidcInput = Parameters<typeof oidc>[0]

/** Nothing stands between a call and its request; spans stay, for no secret may be in one. */
const client = (url: string) => ({
  ...policiesOff,
  trace: undefined,
  clientId: "service",
  clientSecret: secrets.clientSecret,
  redirectUri: "https://app.example/callback",
  insecure: [url],
  timeout: 2000,
})

/** A self-hosted Ory at one origin. */
export const oryAt = (url: string, more: Partial<OryInput> = {}) =>
  ory({ ...client(url), publicUrl: url, adminUrl: url, ...more })

/** Ory Network: the same behind one host and an API key. */
export const oryNetworkAt = (url: string, more: Partial<OryInput> = {}) =>
  ory({ ...client(url), projectUrl: url, apiKey: secrets.apiKey, ...more })

/** An OpenID provider whose endpoints are all discovered. */
export const discoveredAt = (url: string, more: Partial<OidcInput> = {}) =>
  oidc({ ...client(url), issuer: url, ...more })

/** An OpenID provider whose endpoints are all given. */
export const oidcAt = (url: string, more: Partial<OidcInput> = {}) =>
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

/** The metadata of an OpenID provider at this origin. */
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
