/** The contract on a real Keycloak. */
import { providerContract } from "@latchkey/testing/contract"
import { keycloak } from "latchkey/keycloak"
import { describe, inject, it } from "vitest"
import { record } from "../contract/record.ts"
import { contractServer } from "./realm-server.ts"

const running = inject("keycloak")

if (running === undefined) {
  describe.skip("Keycloak (skipped: there is none)", () => {
    it("runs the contract", () => undefined)
  })
} else {
  const { url, realm } = running
  const insecureOrigins = url.startsWith("http:") ? [new URL(url).origin] : []
  providerContract("Keycloak", {
    server: () => contractServer(url, realm),
    open: ({ issuer }, { postLogoutRedirectUri: _, ...client }, transport) =>
      keycloak({ issuer, insecureOrigins, ...client }, { transport }),
    capabilities: keycloak.can,
    accessTokens: "jwt",
    unsupportedArguments: ["clientCredentials.audience"],
    skips: {
      "a refresh token is issued only on request":
        "Keycloak issues a refresh token with every login; one that outlives the session comes only where it was asked for",
    },
    onExchanges: record("keycloak", "Keycloak"),
  })
}
