/** The emulators that the demo runs against, each with a configuration and a user who logs in. */

import { makeBrowser, startKinde, startOidc, startOry, startPolar, startVendor } from "@latchkey/testing"
import { type Config, createAuth, type GrantRequest, type NewClient } from "latchkey"
import { throughScreens } from "./login-screens.ts"
import type { SignIn } from "./program.ts"

/** What differs between vendors: the configuration. */
export interface Backend {
  /** The heading of the column. Default: the vendor of the configuration. */
  readonly name?: string
  readonly config: Config
  /** The request for a token of the service itself. */
  readonly service: GrantRequest
  /** A client to register. Some vendors require scopes, and some have none. */
  readonly client: NewClient
  readonly signIn: SignIn
  readonly close: () => Promise<void>
}

const redirectUri = "http://127.0.0.1:9/cb"
const alice = { subject: "alice", claims: { email: "alice@example.org", email_verified: true } }
const clientSecret = "demo secret"
const registration = {
  client_id: "demo",
  client_secret: clientSecret,
  redirect_uris: [redirectUri],
  grant_types: ["authorization_code", "refresh_token", "client_credentials"],
  response_types: ["code"],
  scope: "openid email offline_access read",
}
const common = { clientId: "demo", clientSecret, redirectUri, scopes: ["openid", "email"] }
const shop = { name: "shop", redirectUris: ["https://shop.example/cb"] }

const ory = async (): Promise<Backend> => {
  const emulator = await startOry({ seed: { clients: [registration] } })
  const { publicUrl, adminUrl } = emulator
  const config: Config = { provider: "ory", publicUrl, adminUrl, insecureOrigins: [publicUrl, adminUrl], ...common }
  const admin = createAuth(config)
  return {
    config,
    service: { scopes: ["read"] },
    client: { ...shop, scopes: ["openid", "read"] },
    // At Ory the application has the login screens. The other vendors show their own.
    signIn: (url) => throughScreens(admin.consent, makeBrowser(), url, publicUrl, alice),
    close: async () => {
      await admin.close()
      await emulator.close()
    },
  }
}

const kinde = async (): Promise<Backend> => {
  const management = { clientId: "0a1b2c3d4e5f60718293a4b5c6d7e8f0", clientSecret: "management secret" }
  const api = "https://api.example.org"
  const { grant_types: grantTypes } = registration
  const { issuer, close } = await startKinde({
    seed: {
      applications: [
        {
          id: "demo",
          type: "reg",
          secret: clientSecret,
          redirectUris: [redirectUri],
          apis: { [api]: ["read"] },
          grantTypes,
        },
        { id: management.clientId, type: "m2m", secret: management.clientSecret, management: true },
      ],
      users: [{ id: "alice", email: alice.claims.email }],
    },
  })
  return {
    config: { provider: "kinde", issuer, management, audience: "any", insecureOrigins: [issuer], ...common },
    service: { scopes: ["read"], audience: [api] },
    client: shop,
    signIn: (url) => makeBrowser().go(url, [issuer]),
    close,
  }
}

const polar = async (): Promise<Backend> => {
  const { grant_types: _, ...seeded } = { ...registration, scope: "openid email" }
  const emulator = await startPolar({
    seed: { clients: [seeded], users: [{ id: "alice", email: alice.claims.email }] },
  })
  const { apiUrl, authorizeUrl, close } = emulator
  const origins = [apiUrl, new URL(authorizeUrl).origin]
  return {
    config: { provider: "polar", apiUrl, authorizeUrl, insecureOrigins: origins, ...common },
    service: {},
    client: { ...shop, scopes: ["openid"] },
    signIn: (url) => makeBrowser().go(url, origins),
    close,
  }
}

/** In introspection responses of `oidc-provider`, only access tokens have a token type. */
const kind = [
  { name: "token_type", use: "access_token" },
  { name: "token_type", absent: true, use: "refresh_token" },
] as const

const oidc = async (): Promise<Backend> => {
  const { issuer, close } = await startOidc({ clients: [registration], users: { alice: alice.claims } })
  return {
    config: { provider: "oidc", issuer, insecureOrigins: [issuer], token: { kind }, ...common },
    service: { scopes: ["read"] },
    client: shop,
    signIn: (url) => makeBrowser().go(url, [issuer]),
    close,
  }
}

const api = "https://api.example.org"

/** A vendor without introspection: the signature of an access token answers. */
const auth0 = async (): Promise<Backend> => {
  const users = { alice: alice.claims }
  const { issuer, origin, close } = await startVendor("auth0", { clients: [registration], users, audience: api })
  const clientAuth = "client_secret_basic"
  return {
    config: { provider: "auth0", issuer, insecureOrigins: [origin], audience: [api], clientAuth, ...common },
    service: { scopes: ["read"], audience: [api] },
    client: shop,
    signIn: (url) => makeBrowser().go(url, [origin]),
    close,
  }
}

/** A server like Keycloak: the standard provider with its paths and tokens. */
const keycloakLike = async (): Promise<Backend> => {
  const users = { alice: alice.claims }
  const { issuer, origin, close } = await startVendor("keycloak", { clients: [registration], users })
  return {
    name: "keycloak-like",
    config: { provider: "keycloak", issuer, insecureOrigins: [origin], ...common },
    service: { scopes: ["read"] },
    client: shop,
    signIn: (url) => makeBrowser().go(url, [origin]),
    close,
  }
}

/** Starts every emulator. */
export const startBackends = (): Promise<ReadonlyArray<Backend>> =>
  Promise.all([kinde(), ory(), polar(), oidc(), keycloakLike(), auth0()])
