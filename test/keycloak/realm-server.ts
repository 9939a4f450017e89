/** One realm of a real Keycloak for the tests: its clients, and users who go through login and consent. */
import { randomUUID } from "node:crypto"
import type { Browser } from "@latchkey/testing"
import type { ContractClient, ContractServer } from "@latchkey/testing/contract"
import { exportJWK, generateKeyPair } from "jose"
import { type Admin, realmAdmin } from "./admin.ts"
import { manager, password, scopes } from "./realm.ts"

export const redirectUri = "http://127.0.0.1:9/cb"
export const postLogoutRedirectUri = "http://127.0.0.1:9/out"
const at = { redirectUri, postLogoutRedirectUri }
const secret = "s p+a:c%e&d=~!"

/** The audience rule of Keycloak: a client introspects only the tokens that name it in `aud`. */
const audienceOf = (clientId: string) => ({
  name: "the client in aud",
  protocol: "openid-connect",
  protocolMapper: "oidc-audience-mapper",
  config: {
    "included.client.audience": clientId,
    "access.token.claim": "true",
    "introspection.token.claim": "true",
    "id.token.claim": "false",
  },
})

/** A client's record that may do everything, with no scopes but the requested ones. */
const record = (clientId: string) => ({
  clientId,
  secret,
  redirectUris: [redirectUri],
  serviceAccountsEnabled: true,
  defaultClientScopes: ["basic", "roles", "acr", "service_account"],
  optionalClientScopes: ["email", "profile", "offline_access", ...scopes.map(({ name }) => name)],
  attributes: {
    "post.logout.redirect.uris": postLogoutRedirectUri,
    "oauth2.device.authorization.grant.enabled": "true",
    "standard.token.exchange.enabled": "true",
  },
  protocolMappers: [audienceOf(clientId)],
})

type Change = { readonly attributes?: Readonly<Record<string, string>> } & Readonly<Record<string, unknown>>

/** Registers a client. `change`: members that differ, with attributes in addition. */
export const makeClient = async (admin: Admin, clientId: string, change: Change = {}): Promise<ContractClient> => {
  const base = record(clientId)
  await admin("POST", "/clients", { ...base, ...change, attributes: { ...base.attributes, ...change.attributes } })
  return { clientId, clientSecret: secret, ...at }
}

/** Makes the scopes of the tests, unless the realm has them. */
export const makeScopes = async (admin: Admin): Promise<void> => {
  const existing = (await admin("GET", "/client-scopes")) as ReadonlyArray<{ readonly name: string }>
  for (const scope of scopes)
    if (!existing.some(({ name }) => name === scope.name)) await admin("POST", "/client-scopes", scope)
}

const contractClients = async (admin: Admin): Promise<ContractServer["clients"]> => {
  const run = randomUUID().slice(0, 8)
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true })
  const key = { kid: `key-${run}`, use: "sig", alg: "ES256" }
  const jwk = { ...(await exportJWK(privateKey)), ...key, kty: "EC" }
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), ...key }] })
  const post = await makeClient(admin, `post ${run}`, {
    attributes: { "client.secret.authentication.allowed.method": "client_secret_post" },
  })
  const signed = await makeClient(admin, `signed ${run}`, {
    clientAuthenticatorType: "client-jwt",
    attributes: { "use.jwks.string": "true", "jwks.string": jwks, "token.endpoint.auth.signing.alg": "ES256" },
  })
  await makeClient(admin, `public ${run}`, { publicClient: true, serviceAccountsEnabled: false })
  return {
    // With consent, so that a user can refuse.
    basic: await makeClient(admin, `basic & co ${run}`, { consentRequired: true }),
    post: { ...post, clientAuth: "client_secret_post" },
    private_key_jwt: { clientId: signed.clientId, privateKey: { ...jwk, d: String(jwk.d) }, ...at },
    none: { clientId: `public ${run}`, clientAuth: "none", ...at },
    signed_userinfo: await makeClient(admin, `userinfo ${run}`, {
      attributes: { "user.info.response.signature.alg": "RS256" },
    }),
  }
}

/** Goes through login and consent as a user of the realm, and returns the first URL outside the server. */
export const signIn = (browser: Browser, url: string, username: string, server: string, refuses = false) =>
  browser.go(url, [new URL(server).origin], {
    fields: { username, password },
    ...(refuses && { button: "cancel" }),
  })

const userId = async (admin: Admin, username: string): Promise<string> => {
  const users = (await admin("GET", `/users?exact=true&username=${username}`)) as ReadonlyArray<{ readonly id: string }>
  const [user] = users
  if (user === undefined) throw new Error(`the realm has no user ${username}`)
  return user.id
}

/** A realm as the contract's server. */
export const contractServer = async (url: string, realm: string): Promise<ContractServer> => {
  const admin = realmAdmin(url, realm, manager)
  await makeScopes(admin)
  const [alice, bob] = [await userId(admin, "alice"), await userId(admin, "bob")]
  return {
    issuer: `${url}/realms/${realm}`,
    clients: await contractClients(admin),
    users: {
      granting: { subject: alice, claims: { email: "alice@example.test" } },
      refusing: { subject: bob, claims: {}, refuses: true },
    },
    service: { scopes: ["read"] },
    userScopes: ["openid", "read"],
    visit: (browser, start, { subject, refuses }) =>
      signIn(browser, start, subject === alice ? "alice" : "bob", url, refuses),
    [Symbol.asyncDispose]: async () => undefined,
  }
}
