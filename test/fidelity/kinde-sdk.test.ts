import { makeBrowser, startKinde } from "@latchkey/testing"
import { beforeAll, describe, expect, it } from "vitest"
import { managementSteps } from "./kinde-management-steps.ts"
import { api, type KindeOutcome, out, perform, person, seed } from "./kinde-sdk.ts"
import { userSteps } from "./kinde-user-steps.ts"

const steps = [...managementSteps, ...userSteps]

/** What the libraries cannot be pointed at, or would have to be told by a real tenant. */
const cannot = [
  ["introspect with token_type_hint", "the library sends token_type, the name of an older description"],
  ["introspect by HTTP Basic", "the library sends a bearer token only"],
  ["authorize a device", "neither library has the device flow"],
  ["read keys by /.well-known/jwks", "the libraries ask for /.well-known/jwks.json"],
  ["the Account API and the other resources of the Management API", "no port of latchkey reaches them"],
] as const

describe("Kinde's own libraries at the emulator", () => {
  const outcomes = new Map<string, KindeOutcome>()
  beforeAll(async () => {
    await using emulator = await startKinde({ seed })
    const values = new Map<string, string>()
    const world = {
      emulator,
      browser: makeBrowser(),
      keep: (name: string, value: unknown) => void values.set(name, String(value)),
      kept: (name: string) => values.get(name) ?? `(nothing kept as ${name})`,
    }
    for (const outcome of await perform(world, steps)) outcomes.set(outcome.step, outcome)
  })

  it("have scripts whose steps have different names", () => {
    expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length)
    expect(new Set(cannot.map(([name]) => name)).size).toBe(cannot.length)
  })

  it.each(steps)("$name", ({ name, fails }) => {
    const outcome = outcomes.get(name)
    if (fails === undefined) expect(outcome).not.toHaveProperty("failed")
    else if (fails === 0) expect(outcome?.failed).toEqual(expect.stringMatching(/./))
    else expect(outcome?.failed).toBe(fails)
  })

  it.each<[string, unknown]>([
    ["lists a page of applications", { applications: [{ name: "Manager" }, { name: "Page" }] }],
    ["lists the next page", { applications: [{ name: "Web" }] }],
    ["gets it", { application: { name: "Made", type: "reg" } }],
    ["reads the redirect URLs", { redirect_urls: ["https://app.example/more"] }],
    ["reads the logout URLs", { logout_urls: ["https://app.example/more"] }],
    ["gets the account's token", { access_token: expect.stringMatching(/./), access_token_expiry: expect.any(String) }],
    ["logs a user in with a secret", true],
    ["reads the ID token's user", { id: person, email: "ada@example.org", given_name: "Ada" }],
    ["reads the user's profile", { sub: person, email: "ada@example.org" }],
    ["reads a claim of the access token", [api]],
    ["reads a permission", { isGranted: true, orgCode: "org_1" }],
    ["refreshes", expect.arrayContaining(["access_token", "id_token", "refresh_token"])],
    ["logs a user in without a secret", true],
    ["logs the user out", out],
    ["gets a token for a machine", true],
    ["gets a token for an API that the machine may not use", undefined],
    ["reads the profile of the second version", { sub: person, givenName: "Ada" }],
    ["reads the profile of the first version", { id: person, preferredEmail: "ada@example.org" }],
    ["introspects a token", { active: true, clientId: expect.any(String) }],
    ["introspects the revoked token", { active: false }],
  ])("learns from the emulator what it would from Kinde when it %s", (name, value) => {
    const told = outcomes.get(name)?.value
    if (typeof value === "object" && value !== null && !Array.isArray(value) && !("asymmetricMatch" in value))
      expect(told).toMatchObject(value)
    else expect(told).toEqual(value)
  })
})
