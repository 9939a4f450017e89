/** A stranger's program for the entry `@latchkey/testing/contract`. */
import { refusingUser, startOidc } from "@latchkey/testing"
import { type ContractServer, providerContract } from "@latchkey/testing/contract"
import { oidc } from "latchkey/oidc"
import { expect, test } from "vitest"

const redirectUri = "http://127.0.0.1:9/cb"

/** Starts the server that the contract runs against. */
const server = async (): Promise<ContractServer> => {
  const basic = { clientId: "orders", clientSecret: "secret", redirectUri, postLogoutRedirectUri: redirectUri }
  const emulator = await startOidc({
    clients: [{ client_id: basic.clientId, client_secret: basic.clientSecret, redirect_uris: [redirectUri] }],
  })
  return {
    issuer: emulator.issuer,
    clients: { basic },
    users: {
      granting: { subject: "alice", claims: {} },
      refusing: { subject: refusingUser, claims: {}, refuses: true },
    },
    service: { scopes: [] },
    userScopes: ["openid"],
    visit: (browser, url) => browser.go(url, [emulator.issuer]),
    [Symbol.asyncDispose]: emulator.close,
  }
}

test("the contract is a function, and its server starts", async () => {
  expect(providerContract).toBeTypeOf("function")
  await using started = await server()
  expect(started.issuer).toMatch(/^http:\/\/127\.0\.0\.1:/)
  expect(oidc.can).toContain("introspect")
})
