import { type KindeEmulator, type KindeEmulatorOptions, startKinde } from "@latchkey/testing"
import { type ContractServer, providerContract } from "@latchkey/testing/contract"
import { kinde } from "latchkey/kinde"
import { record } from "./record.ts"

const redirectUri = "http://127.0.0.1:9/cb"
const postLogoutRedirectUri = "http://127.0.0.1:9/out"
const at = { redirectUri, postLogoutRedirectUri }
const api = "https://api.example.org"
const secret = "s p+a:c%e&d=~!"
const management = { clientId: "0a1b2c3d4e5f60718293a4b5c6d7e8f0", clientSecret: "management secret" }

const application = {
  secret,
  redirectUris: [redirectUri],
  logoutUris: [postLogoutRedirectUri],
  apis: { [api]: ["read", "write"] },
  grantTypes: [
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:device_code",
  ],
}
const ids = { basic: "0a1b2c3d4e5f60718293a4b5c6d7e8f1", none: "0a1b2c3d4e5f60718293a4b5c6d7e8f2" }

const seed = {
  applications: [
    { id: management.clientId, type: "m2m", secret: management.clientSecret, management: true },
    { ...application, id: ids.basic, type: "reg" },
    { ...application, id: ids.none, type: "spa" },
  ],
  users: [{ id: "kp_0a1b2c3d4e5f60718293a4b5c6d7e8f9", email: "u1@example.org" }],
  connectedApps: [{ keyCodeRef: "calendar" }],
} as const

const serverOf = (emulator: KindeEmulator): ContractServer => ({
  issuer: emulator.issuer,
  clients: {
    basic: { clientId: ids.basic, clientSecret: secret, ...at },
    post: { clientId: ids.basic, clientSecret: secret, clientAuth: "client_secret_post", ...at },
    none: { clientId: ids.none, clientAuth: "none", ...at },
  },
  users: {
    granting: { subject: seed.users[0].id, claims: { email: "u1@example.org" } },
    refusing: { subject: "refuses", claims: {}, refuses: true },
  },
  service: { scopes: ["read"], audience: [api] },
  userScopes: ["openid", "email"],
  samples: {
    first: {
      name: "first",
      redirectUris: [redirectUri],
      postLogoutRedirectUris: [postLogoutRedirectUri],
      grantTypes: ["authorization_code", "refresh_token"],
    },
    second: { name: "second", redirectUris: ["https://app.example.org/other"] },
    clears: ["postLogoutRedirectUris"],
    service: { name: "service", grantTypes: ["client_credentials"] },
    rejected: { name: "rejected", redirectUris: ["http://not-local.example.org/cb"] },
    unknownId: "0a1b2c3d4e5f60718293a4b5c6d7e8ff",
  },
  connect: {
    app: "calendar",
    owner: { userId: seed.users[0].id },
    visit: (browser, url) => browser.go(url, [emulator.apiHost]),
  },
  visit: (browser, url) => browser.go(url, [new URL(emulator.issuer).origin]),
  [Symbol.asyncDispose]: emulator.close,
})

const contract = (name: string, options: KindeEmulatorOptions, more: { readonly profile?: "v1" } = {}) =>
  providerContract(name, {
    server: async () => serverOf(await startKinde({ seed, ...options })),
    open: ({ issuer }, { postLogoutRedirectUri: _, ...client }, transport) =>
      kinde({ issuer, insecureOrigins: [issuer], audience: "any", management, ...more, ...client }, { transport }),
    capabilities: kinde.can,
    accessTokens: "jwt",
    unsupportedArguments: ["refresh.scopes", "introspect.expect", "session.end.state", "clients.list.name"],
    skips: {
      "private_key_jwt: a token is issued, introspected and revoked": "Kinde has no such client authentication",
      "private_key_jwt: every request carries a new assertion": "Kinde has no such client authentication",
      "the signature of a signed UserInfo response is verified": "Kinde's user profile is not signed",
      "a refresh token is active where one is expected, and an access token is not":
        "Kinde's introspection does not include the kind of token; another test expects UnsupportedOperation",
      "a new client can use its secret at once": "a new application has no access to an API until it is authorized",
      "an id that is taken is Conflict": "Kinde generates the ids",
      "a patch of metadata changes the given members, and keeps the rest":
        "Kinde's applications have no custom members",
      "a list by name holds only clients of that name":
        "Kinde's list has no filter; another test expects UnsupportedOperation",
    },
    onExchanges: record("kinde", name),
  })

contract("Kinde emulator", {})
contract(
  "Kinde emulator, other readings",
  {
    numbersAsStrings: true,
    audienceAsString: true,
    unknownClientStatus: 404,
    undocumentedBody: "envelope",
    lastPage: "extra",
    grantErrorStatus: 403,
  },
  { profile: "v1" },
)
