import { createAuth, type Operation } from "latchkey"
import type { PolarEmulator } from "@latchkey/testing"
import { polar } from "latchkey/polar"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { allOperations } from "../../src/ports/operations.ts"
import { at, open, type PolarAuth, reasonOf, shop, start } from "./account.ts"

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

/** What to use instead, where there is something. */
const instead: Readonly<Partial<Record<Operation, RegExp>>> = {
  clientCredentials: /organization access token/,
  deviceAuthorization: /authorize/,
  pollDevice: /authorize/,
  jwtBearer: /authorize/,
  "session.end": /revoke/,
  "clients.list": /keep/,
  "clients.rotateSecret": /register/,
  "clients.revokeTokens": /revoke/,
}

describe("an operation that Polar lacks", () => {
  it.each(lacking)(
    "is not there, or refuses without asking anybody, where only configuration says Polar: %s",
    async (name) => {
      const [group = "", member] = name.split(".")
      const exact: Readonly<Record<string, unknown>> = { ...auth }
      const there = member === undefined ? exact[group] : Object(exact[group] ?? {})[member]
      expect(there).toBeUndefined()

      await using any = createAuth({ provider: "polar", ...at(emulator), ...shop })
      const all: Readonly<Record<string, unknown>> = { ...any }
      const method: unknown = member === undefined ? all[group] : Object(all[group])[member]
      if (typeof method !== "function") return expect.fail(`${name} is not there`)
      const before = emulator.requests.length
      const answer = name === "clients.list" || /list/.test(name) ? first(method()) : method("x", {})
      const reason = await reasonOf(Promise.resolve(answer))
      expect(reason._tag).toBe("UnsupportedOperation")
      const wanted = instead[name]
      if (wanted !== undefined) expect(reason).toMatchObject({ instead: expect.stringMatching(wanted) })
      expect(emulator.requests).toHaveLength(before)
    },
  )

  it("is none of those that say what to use instead, or is there", () => {
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
  ])("is refused, with what to do instead: %s", async (argument, call) => {
    const before = emulator.requests.length
    const reason = await reasonOf(call())
    expect(reason).toMatchObject({ _tag: "UnsupportedOperation", argument, instead: expect.any(String) })
    expect(emulator.requests).toHaveLength(before)
  })

  it.each(["none", "login", "consent", "select_account"] as const)("is not prompt %s", async (prompt) => {
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
  ])("that is wrong in its %s is refused by name", (path, more) => {
    expect(polar.check({ clientId: "x", clientSecret: "y", ...more }).map((issue) => issue.path)).toEqual([path])
  })
})
