/** An Ory server for the contract, emulated or real: its clients, and users who go through login and consent. */

import type { Browser } from "@latchkey/testing"
import type { ClientSamples, ContractClient, ContractServer, ContractUser } from "@latchkey/testing/contract"
import { exportJWK, generateKeyPair, SignJWT } from "jose"
import { createAuth } from "latchkey"
import { ory } from "latchkey/ory"
import { throughScreens } from "../../demo/login-screens.ts"

export interface OryAddress {
  readonly publicUrl: string
  readonly adminUrl: string
  /** The API key of Ory Network; absent for a self-hosted Hydra. */
  readonly apiKey?: string | undefined
}

/** The part of latchkey's configuration with the server's URLs. */
export const oryConfig = ({ publicUrl, adminUrl, apiKey }: OryAddress) => {
  const insecureOrigins = [publicUrl, adminUrl]
  return apiKey === undefined
    ? { publicUrl, adminUrl, insecureOrigins }
    : { projectUrl: publicUrl, apiKey, insecureOrigins }
}

const redirectUri = "http://127.0.0.1:9/cb"
const postLogoutRedirectUri = "http://127.0.0.1:9/out"
const grantTypes = [
  "authorization_code",
  "refresh_token",
  "client_credentials",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
  "urn:ietf:params:oauth:grant-type:device_code",
]
const record = {
  redirectUris: [redirectUri],
  postLogoutRedirectUris: [postLogoutRedirectUri],
  grantTypes,
  responseTypes: ["code"],
  scopes: ["openid", "offline_access", "read", "write"],
}

const samples: ClientSamples = {
  first: {
    name: "first",
    redirectUris: [redirectUri],
    postLogoutRedirectUris: [postLogoutRedirectUri],
    grantTypes: ["authorization_code"],
    scopes: ["openid", "read"],
    audience: ["api"],
    metadata: { team: "a" },
  },
  second: { name: "second", redirectUris: ["http://127.0.0.1:9/other"], scopes: ["openid"] },
  clears: ["audience", "postLogoutRedirectUris"],
  service: { grantTypes: ["client_credentials"], scopes: ["read"] },
  rejected: { redirectUris: ["http://127.0.0.1:9/cb#fragment"] },
  unknownId: "no-such-client",
}

type Admin = ReturnType<typeof openAdmin>

const openAdmin = (address: OryAddress) =>
  createAuth(ory({ ...oryConfig(address), clientId: "unused", clientAuth: "none" }))

/** Registers the contract's clients at a server and plays its users. `close` ends a server that the test started. */
export const oryServer = async (
  address: OryAddress,
  close: () => Promise<void> = async () => undefined,
): Promise<ContractServer> => {
  const admin = openAdmin(address)
  const run = crypto.randomUUID().slice(0, 8)
  const clients = await registerClients(admin, run)
  const assertion = await trustedIssuer(address, run)
  return {
    issuer: address.publicUrl,
    clients,
    users: {
      granting: { subject: "u-1", claims: { email: "u1@example.org", email_verified: true } },
      refusing: { subject: "u-2", claims: {}, refuses: true },
    },
    service: { scopes: ["read"] },
    userScopes: ["openid", "read"],
    samples,
    visit: (browser, url, user) => visit(admin, address, browser, url, user),
    assertion,
    [Symbol.asyncDispose]: async () => {
      for (const { clientId } of Object.values(clients)) await admin.clients.remove(clientId)
      await admin.close()
      await close()
    },
  }
}

const registerClients = async (admin: Admin, run: string) => {
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true })
  const key = { kid: `key-${run}`, use: "sig", alg: "RS256" }
  const jwk = { ...(await exportJWK(privateKey)), ...key } as NonNullable<ContractClient["privateKey"]>
  const at = { redirectUri, postLogoutRedirectUri }
  const register = async (name: string, more: Parameters<Admin["clients"]["create"]>[0]) =>
    (await admin.clients.create({ ...record, clientId: `${name} & co ${run}`, ...more })).clientId
  const secret = "s p+a:c%e&d=ö"
  const publicJwk = { ...(await exportJWK(publicKey)), kty: "RSA", ...key }
  return {
    basic: { clientId: await register("basic", { secret }), clientSecret: secret, ...at },
    post: {
      clientId: await register("post", { secret, tokenEndpointAuthMethod: "client_secret_post" }),
      clientSecret: secret,
      clientAuth: "client_secret_post" as const,
      ...at,
    },
    private_key_jwt: {
      clientId: await register("signed", { tokenEndpointAuthMethod: "private_key_jwt", jwks: { keys: [publicJwk] } }),
      privateKey: jwk,
      ...at,
    },
    none: {
      clientId: await register("public", { tokenEndpointAuthMethod: "none" }),
      clientAuth: "none" as const,
      ...at,
    },
    signed_userinfo: {
      clientId: await register("userinfo", { secret, extra: { userinfo_signed_response_alg: "RS256" } }),
      clientSecret: secret,
      ...at,
    },
  }
}

/** Follows the server's redirects, and responds to each screen as the user. */
const visit = async (
  admin: Admin,
  address: OryAddress,
  browser: Browser,
  url: string,
  user: ContractUser,
): Promise<string> => {
  const { origin } = new URL(address.publicUrl)
  const lastUrl = await throughScreens(admin.consent, browser, url, origin, user)
  const { searchParams } = new URL(lastUrl)
  const device = searchParams.get("device_challenge")
  if (device === null) return lastUrl
  const next = await acceptDevice(address, device, searchParams.get("user_code") ?? "")
  return throughScreens(admin.consent, browser, next, origin, user)
}

/** Accepts the user code of the device grant. Latchkey has no operation for this screen. */
const acceptDevice = async ({ adminUrl, apiKey }: OryAddress, challenge: string, userCode: string): Promise<string> => {
  const url = `${adminUrl}/admin/oauth2/auth/requests/device/accept?device_challenge=${encodeURIComponent(challenge)}`
  const response = await fetch(url, {
    method: "PUT",
    headers: { "content-type": "application/json", ...(apiKey && { authorization: `Bearer ${apiKey}` }) },
    body: JSON.stringify({ user_code: userCode }),
  })
  return ((await response.json()) as { redirect_to: string }).redirect_to
}

/** Registers a trusted issuer, and returns a function that makes its assertions. */
const trustedIssuer = async ({ publicUrl, adminUrl, apiKey }: OryAddress, run: string) => {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true })
  const issuer = `https://issuer.example/${run}`
  const kid = `issuer-${run}`
  const response = await fetch(`${adminUrl}/admin/trust/grants/jwt-bearer/issuers`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(apiKey && { authorization: `Bearer ${apiKey}` }) },
    body: JSON.stringify({
      issuer,
      subject: "svc-1",
      allow_any_subject: false,
      scope: ["read"],
      jwk: { ...(await exportJWK(publicKey)), kid, use: "sig", alg: "ES256" },
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    }),
  })
  if (response.status !== 201)
    throw new Error(`the trusted issuer was rejected: ${response.status} ${await response.text()}`)
  return () =>
    new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: "ES256", kid })
      .setIssuer(issuer)
      .setSubject("svc-1")
      .setAudience(`${publicUrl}/oauth2/token`)
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(privateKey)
}
