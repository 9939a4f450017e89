/** A stranger's contract test of a vendor of its own. */
import { refusingUser, startOidc } from "@latchkey/testing"
import { type ContractServer, providerContract } from "@latchkey/testing/contract"
import { baseUrl, clientAuthOf, define, settings } from "latchkey/oidc"
import { z } from "zod"

const redirectUri = "http://127.0.0.1:9/cb"

const acme = define({
  id: "acme",
  config: z.strictObject({ ...settings, tenant: baseUrl }),
  can: ["authorize", "exchange", "refresh", "introspect", "revoke", "userInfo", "metadata.discover", "metadata.keys"],
  server: ({ tenant, ...credentials }) => ({
    issuer: tenant,
    metadataUrl: `${tenant}/.well-known/openid-configuration`,
    clientAuth: clientAuthOf(credentials),
    offline: { scope: "offline_access", prompt: "consent" },
    token: {
      answers: "introspection_or_signature",
      kind: [
        { name: "token_type", use: "access_token" },
        { name: "token_type", absent: true, use: "refresh_token" },
      ],
    },
  }),
})

const server = async (): Promise<ContractServer> => {
  const basic = { clientId: "orders", clientSecret: "secret", redirectUri, postLogoutRedirectUri: redirectUri }
  const emulator = await startOidc({
    users: { alice: {} },
    clients: [
      {
        client_id: basic.clientId,
        client_secret: basic.clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        scope: "openid offline_access read write",
      },
    ],
  })
  return {
    issuer: emulator.issuer,
    clients: { basic },
    users: {
      granting: { subject: "alice", claims: {} },
      refusing: { subject: refusingUser, claims: {}, refuses: true },
    },
    service: { scopes: [] },
    userScopes: ["openid", "read"],
    visit: (browser, url) => browser.go(url, [emulator.issuer]),
    [Symbol.asyncDispose]: emulator.close,
  }
}

providerContract("acme", {
  server,
  open: ({ issuer }, { postLogoutRedirectUri: _, ...client }, transport) =>
    acme({ tenant: issuer, insecureOrigins: [issuer], ...client }, { transport }),
  capabilities: acme.can,
  skips: {
    "none: a public client exchanges its code with PKCE alone": "this server has no public client",
    "the signature of a signed UserInfo response is verified": "this server has no client with signed UserInfo",
  },
})
