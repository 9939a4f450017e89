/** The emulators of the demo that follow the standards. */
import { makeBrowser, startOidc, startVendor } from "@latchkey/testing"
import { alice, common, registrationOf, type StartBackend, shop } from "./backend.ts"

/** In introspection responses of `oidc-provider`, only access tokens have a token type. */
const kind = [
  { name: "token_type", use: "access_token" },
  { name: "token_type", absent: true, use: "refresh_token" },
] as const

export const oidc: StartBackend = async (addresses) => {
  const { redirectUri } = addresses
  const users = { alice: alice.claims }
  const { issuer, faults, close } = await startOidc({ clients: [registrationOf(addresses)], users })
  return {
    config: { provider: "oidc", issuer, insecureOrigins: [issuer], token: { kind }, redirectUri, ...common },
    service: { scopes: ["read"] },
    client: shop,
    signIn: (url) => makeBrowser().go(url, [issuer]),
    faults,
    close,
  }
}

const api = "https://api.example.org"

/** A vendor without introspection: the signature of an access token answers. */
export const auth0: StartBackend = async (addresses) => {
  const { redirectUri } = addresses
  const users = { alice: alice.claims }
  const clients = [registrationOf(addresses)]
  const { issuer, origin, faults, close } = await startVendor("auth0", { clients, users, audience: api })
  const clientAuth = "client_secret_basic"
  return {
    config: {
      provider: "auth0",
      issuer,
      insecureOrigins: [origin],
      audience: [api],
      clientAuth,
      redirectUri,
      ...common,
    },
    service: { scopes: ["read"], audience: [api] },
    isLocal: true,
    client: shop,
    signIn: (url) => makeBrowser().go(url, [origin]),
    faults,
    close,
  }
}

/** A server like Keycloak: the standard provider with its paths and tokens. */
export const keycloakLike: StartBackend = async (addresses) => {
  const { redirectUri } = addresses
  const users = { alice: alice.claims }
  const { issuer, origin, faults, close } = await startVendor("keycloak", {
    clients: [registrationOf(addresses)],
    users,
  })
  return {
    config: { provider: "keycloak", issuer, insecureOrigins: [origin], redirectUri, ...common },
    service: { scopes: ["read"] },
    client: shop,
    signIn: (url) => makeBrowser().go(url, [origin]),
    faults,
    close,
  }
}
