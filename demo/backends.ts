/** The emulators that the demo runs against. */
import { makeBrowser, startKinde, startOry, startPolar } from "@latchkey/testing"
import { type Config, createAuth } from "latchkey"
import {
  type Addresses,
  alice,
  type Backend,
  clientSecret,
  common,
  registrationOf,
  type StartBackend,
  shop,
} from "./backend.ts"
import { throughScreens } from "./login-screens.ts"
import { auth0, keycloakLike, oidc } from "./standard-backends.ts"

const ory: StartBackend = async (addresses) => {
  const { redirectUri, pages } = addresses
  const emulator = await startOry({
    urls: { login: `${pages}/login`, consent: `${pages}/consent`, logout: `${pages}/logout` },
    seed: { clients: [registrationOf(addresses)] },
  })
  const { publicUrl, adminUrl } = emulator
  const config: Config = {
    provider: "ory",
    publicUrl,
    adminUrl,
    insecureOrigins: [publicUrl, adminUrl],
    redirectUri,
    ...common,
  }
  const admin = createAuth(config)
  return {
    config,
    service: { scopes: ["read"] },
    client: { ...shop, scopes: ["openid", "read"] },
    // At Ory the application has the login screens. The other vendors show their own.
    signIn: (url) => throughScreens(admin.consent, makeBrowser(), url, publicUrl, alice),
    faults: emulator.faults,
    close: async () => {
      await admin.close()
      await emulator.close()
    },
  }
}

const kinde: StartBackend = async (addresses) => {
  const { redirectUri, home } = addresses
  const management = { clientId: "0a1b2c3d4e5f60718293a4b5c6d7e8f0", clientSecret: "management secret" }
  const api = "https://api.example.org"
  const { grant_types: grantTypes } = registrationOf(addresses)
  const { issuer, faults, close } = await startKinde({
    seed: {
      applications: [
        {
          id: "demo",
          type: "reg",
          secret: clientSecret,
          redirectUris: [redirectUri],
          logoutUris: [home],
          apis: { [api]: ["read"] },
          grantTypes,
        },
        { id: management.clientId, type: "m2m", secret: management.clientSecret, management: true },
      ],
      users: [{ id: "alice", email: alice.claims.email }],
    },
  })
  return {
    config: {
      provider: "kinde",
      issuer,
      management,
      audience: "any",
      insecureOrigins: [issuer],
      redirectUri,
      ...common,
    },
    service: { scopes: ["read"], audience: [api] },
    client: shop,
    signIn: (url) => makeBrowser().go(url, [issuer]),
    faults,
    close,
  }
}

const polar: StartBackend = async (addresses) => {
  const { grant_types: _, post_logout_redirect_uris: __, ...client } = registrationOf(addresses)
  const { redirectUri } = addresses
  const emulator = await startPolar({
    seed: { clients: [{ ...client, scope: "openid email" }], users: [{ id: "alice", email: alice.claims.email }] },
  })
  const { apiUrl, authorizeUrl, faults, close } = emulator
  const origins = [apiUrl, new URL(authorizeUrl).origin]
  return {
    config: { provider: "polar", apiUrl, authorizeUrl, insecureOrigins: origins, redirectUri, ...common },
    service: {},
    client: { ...shop, scopes: ["openid"] },
    signIn: (url) => makeBrowser().go(url, origins),
    faults,
    close,
  }
}

const starts: Readonly<Record<string, StartBackend>> = { kinde, ory, polar, oidc, "keycloak-like": keycloakLike, auth0 }

/** Addresses at which no server listens. */
const nowhere: Addresses = {
  redirectUri: "http://127.0.0.1:9/cb",
  home: "http://127.0.0.1:9/",
  pages: "http://127.0.0.1:1",
}

/** Starts every emulator, by the name of its vendor. */
export const startBackends = async (
  addressesOf: (name: string) => Addresses = () => nowhere,
): Promise<ReadonlyMap<string, Backend>> =>
  new Map(
    await Promise.all(
      Object.entries(starts).map(async ([name, start]) => [name, await start(addressesOf(name))] as const),
    ),
  )
