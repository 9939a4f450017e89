import { makeBrowser, startKinde } from "@latchkey/testing"
import { beforeAll, describe, expect, it } from "vitest"
import { managementSteps } from "./kinde-management-steps.ts"
import { afterLogout, api, type KindeOutcome, perform, person, seed } from "./kinde-sdk.ts"
import { userSteps } from "./kinde-user-steps.ts"

const steps = [...managementSteps, ...userSteps]

/** Requests that the libraries do not send, or that have no use in latchkey. */
const excluded = [
  ["introspect with token_type_hint", "the library sends token_type, the name of an older description"],
  ["introspect by HTTP Basic", "the library sends a bearer token only"],
  ["authorize a device", "neither library has the device flow"],
  ["read keys by /.well-known/jwks", "the libraries request /.well-known/jwks.json"],
  ["the Account API and the other resources of the Management API", "no operation of latchkey uses them"],
] as const

describe("a Kinde library with the emulator", () => {
  const outcomes = new Map<string, KindeOutcome>()
  beforeAll(async () => {
    await using emulator = await startKinde({ seed })
    const values = new Map<string, string>()
    const context = {
      emulator,
      browser: makeBrowser(),
      save: (name: string, value: unknown) => void values.set(name, String(value)),
      saved: (name: string) => values.get(name) ?? `(nothing saved as ${name})`,
    }
    for (const outcome of await perform(context, steps)) outcomes.set(outcome.step, outcome)
  })

  it("has steps with unique names", () => {
    expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length)
    expect(new Set(excluded.map(([name]) => name)).size).toBe(excluded.length)
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
    ["reads an application", { application: { name: "Made", type: "reg" } }],
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
    ["logs the user out", afterLogout],
    ["gets a token for a machine", true],
    ["gets a token for an API that the machine may not use", undefined],
    ["reads the version 2 profile", { sub: person, givenName: "Ada" }],
    ["reads the version 1 profile", { id: person, preferredEmail: "ada@example.org" }],
    ["introspects a token", { active: true, clientId: expect.any(String) }],
    ["introspects the revoked token", { active: false }],
  ])("gets the result that Kinde returns when it %s", (name, expected) => {
    const value = outcomes.get(name)?.value
    if (
      typeof expected === "object" &&
      expected !== null &&
      !Array.isArray(expected) &&
      !("asymmetricMatch" in expected)
    )
      expect(value).toMatchObject(expected)
    else expect(value).toEqual(expected)
  })
})
