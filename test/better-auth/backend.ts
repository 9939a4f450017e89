/** The contract's server and clients on a real Better Auth. */
import type { ContractServer } from "@latchkey/testing/contract"
import { exportJWK, generateKeyPair } from "jose"
import { startBetterAuth } from "./start.ts"

export const redirectUri = "http://127.0.0.1:9/cb"
const postLogoutRedirectUri = "http://127.0.0.1:9/out"
const at = { redirectUri, postLogoutRedirectUri }

/** The users' email addresses. */
export const users = ["granting@example.org", "refusing@example.org"] as const

/** The API for which the clients may ask for JWTs. */
export const api = "https://api.example.com"

/** Every client's secret. */
export const secret = "s p+a:c%e&d=~!"

/** A client that may use every grant. */
export const registration = {
  redirect_uris: [redirectUri],
  post_logout_redirect_uris: [postLogoutRedirectUri],
  enable_end_session: true,
  // Only native clients may have a redirect URI on loopback.
  application_type: "native",
  grant_types: ["authorization_code", "refresh_token", "client_credentials"],
  client_credentials_scopes: ["read", "write"],
}

/** Makes the contract's server. `service`: the request for `clientCredentials`. */
export const contractServer =
  (module: string, service: ContractServer["service"]) => async (): Promise<ContractServer> => {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true })
    const jwk = { ...(await exportJWK(privateKey)), kty: "EC", kid: "signed", alg: "ES256" }
    const publicJwk = { ...(await exportJWK(publicKey)), kid: "signed", alg: "ES256" }
    const server = await startBetterAuth(module, {
      users,
      resources: [api],
      provider: { generateClientSecret: () => secret },
      clients: {
        basic: registration,
        post: { ...registration, token_endpoint_auth_method: "client_secret_post" },
        signed: { ...registration, token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [publicJwk] } },
        public: {
          ...registration,
          token_endpoint_auth_method: "none",
          grant_types: ["authorization_code", "refresh_token"],
          client_credentials_scopes: undefined,
        },
      },
    })
    const idOf = (name: string) => ({ clientId: server.clients[name]?.client_id ?? "", ...at })
    const user = (email: string) => ({ subject: server.subjects[email] ?? "", claims: { email } })
    return {
      issuer: server.issuer,
      clients: {
        basic: { ...idOf("basic"), clientSecret: secret },
        post: { ...idOf("post"), clientSecret: secret, clientAuth: "client_secret_post" },
        private_key_jwt: { ...idOf("signed"), privateKey: { ...jwk, d: String(jwk.d) } },
        none: { ...idOf("public"), clientAuth: "none" },
      },
      users: { granting: user(users[0]), refusing: { ...user(users[1]), refuses: true } },
      service,
      userScopes: ["openid", "email", "read"],
      registration: { name: "self", redirectUris: [redirectUri], extra: { application_type: "native" } },
      visit: (browser, url) => browser.go(url, [server.origin]),
      [Symbol.asyncDispose]: server.close,
    }
  }
