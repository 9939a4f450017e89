import type { PolarEmulator } from "@latchkey/testing"
import { createAuth, type Operation } from "latchkey"
import { polar } from "latchkey/polar"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { allOperations } from "../../src/ports/operations.ts"
import { addressesOf, open, type PolarAuth, reasonOf, shop, start } from "./setup.ts"

let emulator: PolarEmulator
let auth: PolarAuth
beforeAll(async () => {
  emulator = await start()
  auth = open(emulator)
})
afterAll(async () => {
  await auth.close()
  await emulator.close()
})

const lacking = allOperations.filter((name) => !polar.can.some((each) => each === name))

/** The alternative that the reason names, if there is one. */
const instead: Readonly<Partial<Record<Operation, RegExp>>> = {
  clientCredentials: /organization access token/,
  deviceAuthorization: /authorize/,
  pollDevice: /authorize/,
  jwtBearer: /authorize/,
  exchangeToken: /authorize/,
  "session.end": /revoke/,
  "clients.list": /keep/,
  "clients.rotateSecret": /register/,
  "clients.revokeTokens": /revoke/,
}

describe("an operation that Polar lacks", () => {
  it.each(lacking)(
    "is absent, or unsupported without a request when only the configuration names Polar: %s",
    async (name) => {
      const [group = "", member] = name.split(".")
      const exact: Readonly<Record<string, unknown>> = { ...auth }
      const ownMember = member === undefined ? exact[group] : Object(exact[group] ?? {})[member]
      expect(ownMember).toBeUndefined()

      await using generic = createAuth({ provider: "polar", ...addressesOf(emulator), ...shop })
      const all: Readonly<Record<string, unknown>> = { ...generic }
      const method: unknown = member === undefined ? all[group] : Object(all[group])[member]
      if (typeof method !== "function") return expect.fail(`${name} is not there`)
      const before = emulator.requests.length
      const answer = name === "clients.list" || /list/.test(name) ? first(method()) : method("x", {})
      const reason = await reasonOf(Promise.resolve(answer))
      expect(reason._tag).toBe("UnsupportedOperation")
      const alternative = instead[name]
      if (alternative !== undefined) expect(reason).toMatchObject({ instead: expect.stringMatching(alternative) })
      expect(emulator.requests).toHaveLength(before)
    },
  )

  it("includes each operation with an expected alternative", () => {
    expect(Object.keys(instead).filter((name) => !lacking.some((each) => each === name))).toEqual([])
  })
})

const first = async (list: AsyncIterable<unknown>) => {
  for await (const each of list) return each
  return undefined
}

describe("an argument that Polar would ignore", () => {
  it.each([
    ["loginHint", () => auth.authorize({ loginHint: "ada@example.com" })],
    ["prompt", () => auth.authorize({ prompt: "create" })],
    ["expect", () => auth.introspect("polar_rt_u_x", { expect: "refresh_token" })],
    ["freshness", () => auth.introspect("polar_at_u_x", { freshness: "local" })],
  ])("is unsupported, with an alternative: %s", async (argument, call) => {
    const before = emulator.requests.length
    const reason = await reasonOf(call())
    expect(reason).toMatchObject({ _tag: "UnsupportedOperation", argument, instead: expect.any(String) })
    expect(emulator.requests).toHaveLength(before)
  })
})

describe("a prompt that Polar knows", () => {
  it.each(["none", "login", "consent", "select_account"] as const)("is sent: %s", async (prompt) => {
    const { url } = await auth.authorize({ prompt })
    expect(new URL(url).searchParams.get("prompt")).toBe(prompt)
  })
})

describe("a configuration", () => {
  it.each([
    ["environment", { environment: "staging" }],
    ["apiUrl", { apiUrl: "http://api.polar.example" }],
    ["authorizeUrl", { authorizeUrl: "not a URL" }],
    ["issuer", { issuer: "https://polar.sh" }],
    ["clientSecret", { clientSecret: undefined }],
  ])("is rejected by name for its %s", (path, more) => {
    expect(polar.check({ clientId: "x", clientSecret: "y", ...more }).map((issue) => issue.path)).toEqual([path])
  })
})
