import { makeBrowser, startOry } from "@latchkey/testing"
import { createAuth } from "latchkey"
import { describe, expect, it } from "vitest"
import { throughScreens } from "../../demo/login-screens.ts"
import { program, type Step } from "../../demo/program.ts"
import { hydraBinary } from "./build.ts"
import { startHydra } from "./start.ts"

const redirectUri = "http://127.0.0.1:9/cb"
const alice = { subject: "alice", claims: { email: "alice@example.org" } }

interface HydraAddress {
  readonly publicUrl: string
  readonly adminUrl: string
}

/** Runs the demo's program on a server, with a client that latchkey registers. */
const run = async ({ publicUrl, adminUrl }: HydraAddress): Promise<ReadonlyArray<Step>> => {
  const server = { provider: "ory", publicUrl, adminUrl, insecureOrigins: [publicUrl, adminUrl] } as const
  await using admin = createAuth({ ...server, clientId: "none", clientAuth: "none" })
  await admin.clients.create({
    clientId: "demo",
    secret: "demo secret",
    redirectUris: [redirectUri],
    grantTypes: ["authorization_code", "refresh_token", "client_credentials"],
    responseTypes: ["code"],
    scopes: ["openid", "offline_access", "read"],
  })
  await using auth = createAuth({ ...server, clientId: "demo", clientSecret: "demo secret", redirectUri })
  const signIn = (url: string) => throughScreens(admin.consent, makeBrowser(), url, publicUrl, alice)
  const client = { name: "shop", redirectUris: ["https://shop.example/cb"], scopes: ["openid", "read"] }
  return await program(auth, signIn, { service: { scopes: ["read"] }, client })
}

describe("the demo's program", async () => {
  const binary = await hydraBinary()

  it.skipIf("missing" in binary)("has the same steps and results on a real Ory Hydra as on the emulator", async () => {
    await using emulator = await startOry({ version: "v2.3.0" })
    await using hydra = await startHydra()
    const steps = await run(hydra)
    expect(steps).toEqual(await run(emulator))
    expect(steps.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(["exchange", "userInfo", "clients.patch"]),
    )
    expect(steps.find(({ operation }) => operation === "introspect, again")?.result).toBe("inactive")
  })
})
