import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { claims, signed, signingKey, token } from "./signing-keys.ts"
import { kindeOf, local, oryOf, run, vendor } from "./vendor.ts"

const key = signingKey("RS256")

describe("a locally validated token", () => {
  test("has the subject type of a user or of a client", async () => {
    expect(await local([key.jwk], await token(key))).toMatchObject({ subject: "user-1", subjectType: "user" })
    expect(await local([key.jwk], await token(key, { sub: "app" }))).toMatchObject({ subjectType: "client" })
    const machine = await local([key.jwk], await token(key, { sub: undefined }), { open: kindeOf })
    expect(machine).toMatchObject({ active: true, subjectType: "client", clientId: "app" })
    expect(machine).not.toHaveProperty("subject")
  })

  test("needs a subject where the profile requires one", async () => {
    expect(await local([key.jwk], await token(key, { sub: undefined }))).toEqual({ active: false })
    expect(await local([key.jwk], await token(key, { sub: null }))).toEqual({ active: false })
  })

  test.each([
    [{ scp: ["a", "b"] }, ["a", "b"]],
    [{ scp: [], scope: "a b" }, ["a", "b"]],
    [{ scp: ["b", "c"], scope: " a  b " }, ["a", "b", "c"]],
    [{ scp: undefined, scope: "" }, []],
    [{ scp: undefined, scope: undefined }, undefined],
    [{ scp: null, scope: null }, undefined],
    [{ scp: 7 }, []],
  ])("with %j has the scopes %j", async (changes, scopes) => {
    const state = await local([key.jwk], await token(key, changes), { open: kindeOf })
    expect(state).toMatchObject({ active: true })
    expect("scopes" in state && state.scopes ? [...state.scopes].sort() : undefined).toEqual(scopes)
  })

  test("has every claim except __proto__, and each claim only as an own property", async () => {
    const text = JSON.stringify(claims).replace(
      "{",
      '{"__proto__":{"admin":true},"constructor":1,"toString":"x","roles":[{"id":"r","__proto__":{"deep":true}}],',
    )
    const state = await local([key.jwk], signed(key, {}, text))
    if (!state.active) throw new Error("inactive")
    expect(Object.getPrototypeOf(state.claims)).toBe(Object.prototype)
    expect(Object.keys(state.claims)).not.toContain("__proto__")
    expect(Object.assign({}, state.claims)).not.toHaveProperty("admin")
    expect(state.claims).not.toHaveProperty("admin")
    expect({}).not.toHaveProperty("admin")
    expect(state).toMatchObject({ subject: "user-1", claims: { constructor: 1, toString: "x" } })
  })

  test("has the last of two members with one name, as with JSON.parse, in the header and in the payload", async () => {
    const withTwo = (name: string, first: string) => JSON.stringify(claims).replace("{", `{"${name}":${first},`)
    expect(await local([key.jwk], signed(key, {}, withTwo("sub", '"admin"')))).toMatchObject({
      subject: "user-1",
      claims: { sub: "user-1" },
    })
    expect(await local([key.jwk], signed(key, {}, withTwo("iss", '"https://evil.example"')))).toMatchObject({
      active: true,
    })
    const otherIssuerLast = JSON.stringify(claims).replace(/}$/, ',"iss":"https://evil.example"}')
    expect(await local([key.jwk], signed(key, {}, otherIssuerLast))).toEqual({ active: false })
    const noneFirst = `{"alg":"none","alg":"RS256","kid":"${key.jwk.kid}","typ":"JWT"}`
    expect(await local([key.jwk], signed(key, noneFirst))).toMatchObject({ active: true })
    const noneLast = `{"alg":"RS256","kid":"${key.jwk.kid}","typ":"JWT","alg":"none"}`
    expect(await local([key.jwk], signed(key, noneLast))).toEqual({ active: false })
  })

  test("cannot be changed by one caller for the next", async () => {
    const auth = oryOf(vendor(key.jwk))
    const accessToken = await token(key, { permissions: ["read"], org: { id: "o1" } })
    const call = auth.introspect(accessToken, { freshness: "local" })
    const [before, after] = await run(
      Effect.gen(function* () {
        const copy = structuredClone(yield* call)
        for (let caller = 0; caller < 3; caller++) {
          const state = yield* call
          if (state.active) {
            Reflect.set(state, "subject", "admin")
            Reflect.set(state.claims, "sub", "admin")
            Reflect.set(state.claims, "scp", ["admin"])
            Reflect.set(state.audience, "0", "https://evil.example")
            Reflect.set(Object(state.claims.permissions), "0", "admin")
            Reflect.set(Object(state.claims.org), "id", "o2")
          }
        }
        return [copy, yield* call]
      }),
    )
    expect(after).toEqual(before)
  })

  test("may be huge or deeply nested, and takes little time", { timeout: 5000 }, async () => {
    const auth = oryOf(vendor(key.jwk))
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`
    const extremeTokens = [
      `eyJ${"A".repeat(1 << 20)}`,
      `eyJ${".".repeat(1 << 20)}`,
      `eyJ${"A.".repeat(1 << 19)}`,
      `eyJ.${"A".repeat(4 << 20)}.AAAA`,
      signed(signingKey("RS256"), {}, deep),
      signed(signingKey("RS256"), {}, `{"a":${deep}}`),
      signed(signingKey("RS256"), `{"alg":"RS256","x":${deep}}`),
      signed(signingKey("RS256"), {}, JSON.stringify({ ...claims, junk: "x".repeat(2 << 20) })),
    ]
    for (const each of extremeTokens) expect(await run(auth.introspect(each))).toEqual({ active: false })
    // As deep as the longest token may be.
    const deepest = `${"[".repeat(20_000)}${"]".repeat(20_000)}`
    const large = signed(key, {}, JSON.stringify(claims).replace("{", `{"deep":${deepest},`))
    expect(await run(auth.introspect(large, { freshness: "local" }))).toMatchObject({ active: true })
  })
})
