import { type PolarEmulator, type PolarEmulatorOptions, startPolar } from "@latchkey/testing"
import { type ContractServer, providerContract } from "@latchkey/testing/contract"
import { polar } from "latchkey/polar"
import { record } from "./record.ts"

const redirectUri = "http://127.0.0.1:9/cb"
const at = { redirectUri, postLogoutRedirectUri: "http://127.0.0.1:9/out" }
const secret = "s p+a:c%e&d=~!"
const user = { id: "3f0c6a52-8a0e-4d0e-9a52-0f6f2b0a7c11", email: "u1@example.org" }

const client = { redirect_uris: [redirectUri], scope: "openid email user:read" }
const seed = {
  users: [user],
  clients: [
    { ...client, client_id: "polar_ci_post", client_secret: secret, token_endpoint_auth_method: "client_secret_post" },
    {
      ...client,
      client_id: "polar_ci_basic",
      client_secret: secret,
      token_endpoint_auth_method: "client_secret_basic",
    },
    { ...client, client_id: "polar_ci_none", token_endpoint_auth_method: "none" },
  ],
} as const

const serverOf = (emulator: PolarEmulator): ContractServer & { readonly emulator: PolarEmulator } => {
  const site = new URL(emulator.authorizeUrl).origin
  return {
    emulator,
    issuer: emulator.issuer,
    clients: {
      basic: { clientId: "polar_ci_post", clientSecret: secret, ...at },
      post: { clientId: "polar_ci_basic", clientSecret: secret, clientAuth: "client_secret_basic", ...at },
      none: { clientId: "polar_ci_none", clientAuth: "none", ...at },
    },
    users: {
      granting: { subject: user.id, claims: { email: user.email } },
      refusing: { subject: "refuses", claims: {}, refuses: true },
    },
    service: {},
    userScopes: ["openid", "email"],
    samples: {
      first: {
        name: "first",
        redirectUris: [redirectUri],
        grantTypes: ["authorization_code", "refresh_token"],
        scopes: ["openid", "email"],
      },
      second: { name: "second", redirectUris: ["https://app.example.org/other"], scopes: ["openid"] },
      clears: [],
      service: { name: "service" },
      rejected: { name: "rejected", redirectUris: ["http://not-local.example.org/cb"], scopes: ["openid"] },
      unknownId: "polar_ci_unknown",
    },
    // Latchkey sends no login hint to Polar. The emulator's page accepts one from the test, which stands for the user.
    visit: (browser, url, { subject, refuses }) => {
      const hinted = new URL(url)
      if (refuses) hinted.searchParams.set("login_hint", subject)
      return browser.go(hinted.href, [emulator.apiUrl, site])
    },
    [Symbol.asyncDispose]: emulator.close,
  }
}

const contract = (name: string, options: PolarEmulatorOptions) => {
  let emulator: PolarEmulator | undefined
  providerContract(name, {
    server: async () => {
      emulator = await startPolar({ seed, ...options })
      return serverOf(emulator)
    },
    open: (_, { postLogoutRedirectUri: __, ...credentials }, transport) => {
      const { apiUrl = "", authorizeUrl = "" } = emulator ?? {}
      return polar(
        { apiUrl, authorizeUrl, insecureOrigins: [apiUrl, new URL(authorizeUrl).origin], ...credentials },
        { transport },
      )
    },
    capabilities: polar.can,
    unsupportedArguments: ["authorize.loginHint", "introspect.expect"],
    skips: {
      "a refresh token is issued only on request": "Polar always issues a refresh token",
      "the signature of a signed UserInfo response is verified": "Polar's UserInfo is not signed",
      "a refresh token is active where one is expected, and an access token is not":
        "Polar's introspection covers access tokens only; another test expects UnsupportedOperation",
      "every operation on an unknown client is NotFound":
        "an id without its registration token is rejected: Polar manages no client by id alone",
      "an id that is taken is Conflict": "Polar generates the ids",
      "a patch of metadata changes the given members, and keeps the rest": "Polar's clients have no custom members",
    },
    onExchanges: record("polar", name),
  })
}

contract("Polar emulator", {})
contract("Polar emulator, earlier source", { drift: "source" })
