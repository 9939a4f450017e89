import { readFileSync } from "node:fs"
import { refusingUser, startOidc } from "@latchkey/testing"
import { type ContractServer, providerContract } from "@latchkey/testing/contract"
import { createAuth } from "latchkey"
import { describe, expect, it } from "vitest"
import { acme } from "../../examples/fourth-vendor.ts"

const redirectUri = "http://127.0.0.1:9/cb"
const postLogoutRedirectUri = "http://127.0.0.1:9/out"
const at = { redirectUri, postLogoutRedirectUri }
const granting = { subject: "u-1", claims: { email: "u1@example.org", email_verified: true } }
const clientSecret = "s p+a:c%e&d=~!"
const registration = {
  redirect_uris: [redirectUri],
  post_logout_redirect_uris: [postLogoutRedirectUri],
  grant_types: ["authorization_code", "refresh_token", "client_credentials"],
  response_types: ["code"],
  scope: "openid offline_access read",
}

const server = async (): Promise<ContractServer> => {
  const emulator = await startOidc({
    users: { [granting.subject]: granting.claims },
    clients: [
      { ...registration, client_id: "basic", client_secret: clientSecret },
      {
        ...registration,
        client_id: "post",
        client_secret: clientSecret,
        token_endpoint_auth_method: "client_secret_post",
      },
      {
        ...registration,
        client_id: "public",
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code", "refresh_token"],
      },
    ],
  })
  return {
    issuer: emulator.issuer,
    clients: {
      basic: { clientId: "basic", clientSecret, ...at },
      post: { clientId: "post", clientSecret, clientAuth: "client_secret_post", ...at },
      none: { clientId: "public", clientAuth: "none", ...at },
    },
    users: { granting, refusing: { subject: refusingUser, claims: {}, refuses: true } },
    service: { scopes: ["read"] },
    userScopes: ["openid", "read"],
    visit: (browser, url) => browser.go(url, [emulator.issuer]),
    [Symbol.asyncDispose]: emulator.close,
  }
}

providerContract("the fourth vendor of the examples", {
  server,
  open: ({ issuer }, { postLogoutRedirectUri: _, ...client }, transport) =>
    acme({ tenant: issuer, insecureOrigins: [issuer], ...client }, { transport }),
  capabilities: acme.can,
  unsupportedArguments: ["clientCredentials.audience"],
  skips: {
    "private_key_jwt: a token is issued, introspected and revoked": "the example has no such clients",
    "private_key_jwt: every request carries a new assertion": "the example has no such clients",
    "the signature of a signed UserInfo response is verified": "the example has no such clients",
    "a scope that the client may not have is InvalidRequest with the RFC's code":
      "oidc-provider drops unknown scopes and returns the granted ones",
  },
})

describe("the example of a fourth vendor", () => {
  it("is shorter than 50 lines", () => {
    const text = readFileSync(new URL("../../examples/fourth-vendor.ts", import.meta.url), "utf8")
    expect(text.trim().split("\n").length).toBeLessThan(50)
  })

  it("has only the operations that it names", async () => {
    await using auth = createAuth(acme({ tenant: "https://acme.example", clientId: "a", clientSecret: "b" }))
    expect("clients" in auth).toBe(false)
    expect(auth.instead["clients.create"]).toBe("Acme's dashboard")
    expect(acme.check({ clientId: "a", clientSecret: "b" }).map(({ path }) => path)).toEqual(["tenant"])
  })
})
