import { refusingUser, startOidc } from "@latchkey/testing"
import { type ContractServer, providerContract } from "@latchkey/testing/contract"
import { exportJWK, generateKeyPair } from "jose"
import { oidc } from "latchkey/oidc"
import { record } from "./record.ts"

const redirectUri = "http://127.0.0.1:9/cb"
const postLogoutRedirectUri = "http://127.0.0.1:9/out"
const at = { redirectUri, postLogoutRedirectUri }
const granting = { subject: "u-1", claims: { email: "u1@example.org", email_verified: true } }
const secret = "s p+a:c%e&d=~!"

const registration = {
  redirect_uris: [redirectUri],
  post_logout_redirect_uris: [postLogoutRedirectUri],
  grant_types: [
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:device_code",
  ],
  response_types: ["code"],
  scope: "openid offline_access read write",
}

const server = async (): Promise<ContractServer> => {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true })
  const jwk = { ...(await exportJWK(privateKey)), kty: "EC", kid: "signed", alg: "ES256" }
  const publicJwk = { ...(await exportJWK(publicKey)), kid: "signed", alg: "ES256" }
  const emulator = await startOidc({
    registration: true,
    users: { [granting.subject]: granting.claims },
    clients: [
      { ...registration, client_id: "basic & co", client_secret: secret },
      { ...registration, client_id: "post", client_secret: secret, token_endpoint_auth_method: "client_secret_post" },
      {
        ...registration,
        client_id: "signed",
        token_endpoint_auth_method: "private_key_jwt",
        jwks: { keys: [publicJwk] },
      },
      {
        ...registration,
        client_id: "public",
        token_endpoint_auth_method: "none",
        grant_types: registration.grant_types.filter((grant) => grant !== "client_credentials"),
      },
      { ...registration, client_id: "userinfo", client_secret: secret, userinfo_signed_response_alg: "RS256" },
    ],
  })
  return {
    issuer: emulator.issuer,
    clients: {
      basic: { clientId: "basic & co", clientSecret: secret, ...at },
      post: { clientId: "post", clientSecret: secret, clientAuth: "client_secret_post", ...at },
      private_key_jwt: { clientId: "signed", privateKey: { ...jwk, d: String(jwk.d) }, ...at },
      none: { clientId: "public", clientAuth: "none", ...at },
      signed_userinfo: { clientId: "userinfo", clientSecret: secret, ...at },
    },
    users: { granting, refusing: { subject: refusingUser, claims: {}, refuses: true } },
    service: { scopes: ["read"] },
    userScopes: ["openid", "read"],
    visit: (browser, url) => browser.go(url, [emulator.issuer]),
    [Symbol.asyncDispose]: emulator.close,
  }
}

/** In introspection responses of `oidc-provider`, only access tokens have a token type. */
const kind = [
  { name: "token_type", use: "access_token" },
  { name: "token_type", absent: true, use: "refresh_token" },
] as const

providerContract("oidc-provider", {
  server,
  open: ({ issuer }, { postLogoutRedirectUri: _, ...client }, transport) =>
    oidc({ issuer, insecureOrigins: [issuer], token: { kind }, ...client }, { transport }),
  capabilities: oidc.can,
  unsupportedArguments: ["clientCredentials.audience"],
  skips: {
    "a scope that the client may not have is InvalidRequest with the RFC's code":
      "oidc-provider ignores unknown scopes, and returns the granted ones",
    "a trusted issuer's assertion is exchanged for an active token":
      "oidc-provider does not have this grant; Hydra has it",
    "a token is exchanged for an active token of the same subject, and garbage is rejected":
      "oidc-provider does not have this grant; Keycloak has it",
  },
  onExchanges: record("oidc", "oidc-provider"),
})
