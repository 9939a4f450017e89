import { createAuth } from "latchkey"
import { makeBrowser, startOry } from "@latchkey/testing"
import { describe, expect, it } from "vitest"
import { throughScreens } from "../../demo/login-screens.ts"
import { program, type Step } from "../../demo/program.ts"
import { hydraBinary } from "./build.ts"
import { startHydra } from "./start.ts"

const redirectUri = "http://127.0.0.1:9/cb"
const alice = { subject: "alice", claims: { email: "alice@example.org" } }

interface Address {
  readonly publicUrl: string
  readonly adminUrl: string
}

/** The demo's program on a server, with a client that latchkey itself registers. */
const run = async ({ publicUrl, adminUrl }: Address): Promise<ReadonlyArray<Step>> => {
  const where = { provider: "ory", publicUrl, adminUrl, insecure: [publicUrl, adminUrl] } as const
  await using admin = createAuth({ ...where, clientId: "none", clientAuth: "none" })
  await admin.clients.create({
    clientId: "demo",
    secret: "demo secret",
    redirectUris: [redirectUri],
    grantTypes: ["authorization_code", "refresh_token", "client_credentials"],
    responseTypes: ["code"],
    scopes: ["openid", "offline_access", "read"],
  })
  await using auth = createAuth({ ...where, clientId: "demo", clientSecret: "demo secret", redirectUri })
  const signIn = (url: string) => throughScreens(admin.consent, makeBrowser(), url, publicUrl, alice)
  const client = { name: "shop", redirectUris: ["https://shop.example/cb"], scopes: ["openid", "read"] }
  return await program(auth, signIn, { service: { scopes: ["read"] }, client })
}

describe("the demo's program", async () => {
  const binary = await hydraBinary()

  it.skipIf("missing" in binary)("gives the same on a real Ory Hydra as on the emulator, step by step", async () => {
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
