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
  "the signature of a signed UserInfo response is verified": "Better Auth signs no UserInfo responses",
  "a refresh with a wrong secret is InvalidClient":
    "Better Auth looks for the refresh token first, and an unknown one is invalid_grant",
}

const revokesNoJwt = "Better Auth revokes no JWT: the revocation is rejected before it is sent"

/** The sentences that revoke an access token, which is a JWT with an audience. Opaque ones are revoked in the other run. */
const jwtSkips = {
  ...skips,
  "a revoked token is inactive, and revoking it again succeeds": revokesNoJwt,
  "an answer from before a revocation is never returned after it": revokesNoJwt,
  "a revoked access token is inactive at the vendor, and valid by its signature": revokesNoJwt,
  "basic: a token is issued, introspected and revoked": revokesNoJwt,
  "post: a token is issued, introspected and revoked": revokesNoJwt,
  "private_key_jwt: a token is issued, introspected and revoked": revokesNoJwt,
}

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
    skips: jwtSkips,
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
