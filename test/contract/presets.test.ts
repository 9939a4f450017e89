/** The presets on the emulators that play their vendors. No hosted service was called. */
import {
  entraTenant,
  refusingUser,
  startVendor,
  type VendorEmulator,
  type VendorEmulatorOptions,
  type VendorName,
} from "@latchkey/testing"
import {
  type ContractClient,
  type ContractOptions,
  type ContractServer,
  providerContract,
} from "@latchkey/testing/contract"
import { exportJWK, generateKeyPair } from "jose"
import { auth0 } from "latchkey/auth0"
import { cognito } from "latchkey/cognito"
import { entra } from "latchkey/entra"
import { keycloak } from "latchkey/keycloak"
import { logto } from "latchkey/logto"
import { okta } from "latchkey/okta"
import { zitadel } from "latchkey/zitadel"
import { record } from "./record.ts"
import { ofStandardProvider, signatureAlone } from "./skips.ts"

const redirectUri = "http://127.0.0.1:9/cb"
const postLogoutRedirectUri = "http://127.0.0.1:9/out"
const at = { redirectUri, postLogoutRedirectUri }
const granting = { subject: "u-1", claims: { email: "u1@example.org", email_verified: true } }
const secret = "s p+a:c%e&d=~!"
const api = "https://api.example.org"

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
  scope: "openid offline_access read",
}

const serverOf = async (
  vendor: VendorName,
  service: ContractServer["service"],
  options: VendorEmulatorOptions,
): Promise<{ readonly server: ContractServer; readonly emulator: VendorEmulator }> => {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true })
  const jwk = { ...(await exportJWK(privateKey)), kty: "EC", kid: "signed", alg: "ES256" }
  const publicJwk = { ...(await exportJWK(publicKey)), kid: "signed", alg: "ES256" }
  const emulator = await startVendor(vendor, {
    audience: api,
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
    ...options,
  })
  const basic = { clientSecret: secret, clientAuth: "client_secret_basic", ...at } as const
  const server: ContractServer = {
    issuer: emulator.issuer,
    clients: {
      basic: { ...basic, clientId: "basic & co" },
      post: { clientId: "post", clientSecret: secret, clientAuth: "client_secret_post", ...at },
      private_key_jwt: { clientId: "signed", privateKey: { ...jwk, d: String(jwk.d) }, ...at },
      none: { clientId: "public", clientAuth: "none", ...at },
      signed_userinfo: { ...basic, clientId: "userinfo" },
    },
    users: { granting, refusing: { subject: refusingUser, claims: {}, refuses: true } },
    service,
    userScopes: ["openid", "read"],
    visit: (browser, url) => browser.go(url, [emulator.origin]),
    [Symbol.asyncDispose]: emulator.close,
  }
  return { server, emulator }
}

interface Preset extends Omit<ContractOptions, "server" | "open" | "capabilities"> {
  readonly vendor: VendorName
  readonly adapter: (config: never, options: never) => ReturnType<ContractOptions["open"]>
  readonly can: ContractOptions["capabilities"]
  /** The members of the configuration that say where the server is. */
  readonly address: (emulator: VendorEmulator) => object
  readonly service?: ContractServer["service"]
  readonly emulator?: VendorEmulatorOptions
}

const contract = (name: string, preset: Preset): void => {
  const { vendor, adapter, can, address, service = { scopes: ["read"] }, emulator: options = {}, ...rest } = preset
  let running: VendorEmulator | undefined
  providerContract(name, {
    server: async () => {
      const { server, emulator } = await serverOf(vendor, service, options)
      running = emulator
      return server
    },
    open: (_, { postLogoutRedirectUri: __, ...client }: ContractClient, transport) => {
      if (running === undefined) throw new Error("the server has not been started")
      const common = { insecureOrigins: [running.origin], audience: [api] }
      return adapter({ ...common, ...address(running), ...client } as never, { transport } as never)
    },
    capabilities: can,
    onExchanges: record(vendor, name),
    ...rest,
  })
}

const issuer = (emulator: VendorEmulator) => ({ issuer: emulator.issuer })
const bySignature = { accessTokens: "jwt", answers: "signature", skips: signatureAlone } as const

contract("Auth0 emulator", {
  ...bySignature,
  vendor: "auth0",
  adapter: auth0,
  can: auth0.can,
  address: issuer,
  unsupportedArguments: ["introspect.expect"],
})

contract("Cognito emulator", {
  ...bySignature,
  vendor: "cognito",
  adapter: cognito,
  can: cognito.can,
  // The client stands for the audience of a token that is bound to no resource.
  address: ({ issuer, origin }) => ({ issuer, domain: origin, audience: ["basic & co", "userinfo", "public"] }),
  unsupportedArguments: ["introspect.expect", "clientCredentials.audience", "session.end.state"],
  skips: {
    ...signatureAlone,
    "a refresh token is issued only on request": "Cognito always issues a refresh token to a user",
  },
})

contract("Entra ID emulator", {
  ...bySignature,
  vendor: "entra",
  adapter: entra,
  can: entra.can,
  address: ({ origin }) => ({ tenants: [entraTenant], cloud: origin, legacyIssuer: origin }),
  service: { scopes: [`${api}/.default`] },
  unsupportedArguments: ["introspect.expect"],
  skips: {
    ...signatureAlone,
    "concurrent callers get the same answer": "the scope of the request names the API, and not the granted roles",
  },
})

contract("Logto emulator", {
  ...bySignature,
  vendor: "logto",
  adapter: logto,
  can: logto.can,
  address: ({ origin }) => ({ endpoint: origin }),
  unsupportedArguments: ["introspect.expect"],
})

contract("Okta emulator", {
  vendor: "okta",
  adapter: okta,
  can: okta.can,
  accessTokens: "jwt",
  address: issuer,
  unsupportedArguments: ["clientCredentials.audience"],
  skips: ofStandardProvider,
})

const ofZitadel = {
  ...ofStandardProvider,
  "a token for the service is active, its own, and has the scopes asked for":
    "a service account of Zitadel is a user of another kind, so its token has a subject of unknown type",
  "a refresh token is active where one is expected, and an access token is not":
    "Zitadel introspects access tokens only",
  "local validation and introspection agree about an access token": "a JWT of Zitadel names neither scopes nor client",
}

for (const accessTokens of ["jwt", "opaque"] as const)
  contract(`Zitadel emulator, ${accessTokens} access tokens`, {
    vendor: "zitadel",
    adapter: zitadel,
    can: zitadel.can,
    accessTokens,
    address: issuer,
    emulator: { accessTokens },
    skips: ofZitadel,
  })

contract("Keycloak-like emulator", {
  vendor: "keycloak",
  adapter: keycloak,
  can: keycloak.can,
  accessTokens: "jwt",
  address: issuer,
  unsupportedArguments: ["clientCredentials.audience"],
  skips: {
    ...ofStandardProvider,
    "a token is exchanged for an active token of the same subject, and garbage is rejected":
      "the emulator does not have this grant; a real Keycloak has it",
  },
})
