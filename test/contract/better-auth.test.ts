import { type ContractOptions, providerContract } from "@latchkey/testing/contract"
import { betterAuth } from "latchkey/better-auth"
import { describe, it } from "vitest"
import { api, contractServer } from "../better-auth/backend.ts"
import { installedBetterAuth } from "../better-auth/installed.ts"
import { record } from "./record.ts"

const installed = installedBetterAuth()

const open: ContractOptions["open"] = ({ issuer }, { postLogoutRedirectUri: _, ...client }, transport) =>
  betterAuth({ issuer, insecureOrigins: [new URL(issuer).origin], ...client }, { transport })

const skips = {
  "a signed UserInfo answer is checked and read": "Better Auth signs no UserInfo responses",
  "a wrong secret is InvalidClient to whoever renews tokens, too":
    "Better Auth looks for the refresh token first, and an unknown one is invalid_grant",
}

/** The sentences that revoke an access token, which is a JWT with this request. */
const noRevocation = {}

if ("module" in installed) {
  const { module } = installed
  providerContract("Better Auth 1.7.5, opaque access tokens", {
    server: contractServer(module, { scopes: ["read"] }),
    open,
    capabilities: betterAuth.can,
    skips,
    onExchanges: record("better-auth", "Better Auth, opaque"),
  })
  providerContract("Better Auth 1.7.5, JWT access tokens", {
    server: contractServer(module, { scopes: ["read"], audience: [api] }),
    open,
    capabilities: betterAuth.can,
    accessTokens: "jwt",
    skips: { ...skips, ...noRevocation },
    onExchanges: record("better-auth", "Better Auth, JWT"),
  })
} else if (process.env.LATCHKEY_REQUIRE_BETTER_AUTH === "1") {
  describe("Better Auth", () => {
    it("must run because LATCHKEY_REQUIRE_BETTER_AUTH is set", () => {
      throw new Error(installed.missing)
    })
  })
} else {
  console.warn(`Skipped, no Better Auth: ${installed.missing}`)
  describe.skip(`Better Auth (skipped: ${installed.missing})`, () => {
    it("runs the contract", () => undefined)
  })
}
