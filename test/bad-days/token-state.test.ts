import { createAuth } from "latchkey"
import { describe, expect, it } from "vitest"
import { oidcAt, oryAt } from "./providers.ts"
import { scripted } from "./scripted-server.ts"
import { json, respond } from "./scripts.ts"

const now = () => Math.floor(Date.now() / 1000)
const active = { active: true, token_use: "access_token", client_id: "service", sub: "somebody" }
const inactive = { active: false }

type Config = Parameters<typeof oidcAt>[1]
type Expect = { readonly expect?: "access_token" | "refresh_token" }

/** The result of `introspect` for a response body. */
const introspect = async (raw: object | string, config: Config = {}, options: Expect = {}) => {
  await using server = await scripted(typeof raw === "string" ? respond(200, raw) : json(raw))
  await using auth = createAuth(oidcAt(server.url, config))
  return await auth.introspect("token", options)
}

const invalidMember = (path: string) => ({
  _tag: "AuthError",
  reason: { _tag: "UnexpectedResponse", status: 200, path },
})

describe("the exp, iat or nbf of a token", () => {
  it.each([
    ["in the past, within the clock skew", -20, {}, true],
    ["in the past, beyond the clock skew", -31, {}, false],
    ["in the past, with a clock skew of 0", -1, { clockSkew: "0 seconds" }, false],
    ["in the past, within a larger clock skew", -50, { clockSkew: "60 seconds" }, true],
    ["in the future", 60, {}, true],
  ] as const)(
    "that is %s (exp %i s from now, configuration %j) makes `active` %s",
    async (_, from, config, expectedActive) => {
      expect((await introspect({ ...active, exp: now() + from }, config)).active).toBe(expectedActive)
    },
  )

  it("that is in the future (nbf), beyond the clock skew, makes the token inactive", async () => {
    expect(await introspect({ ...active, nbf: now() + 100 })).toEqual(inactive)
    expect(await introspect({ ...active, nbf: now() + 10 })).toMatchObject({ active: true })
  })

  it("is also read from a string of digits", async () => {
    const exp = now() + 100
    const state = await introspect({ ...active, exp: String(exp), iat: String(exp - 200), nbf: String(exp - 200) })
    expect(state).toMatchObject({
      expiresAt: new Date(exp * 1000),
      issuedAt: new Date((exp - 200) * 1000),
      notBefore: new Date((exp - 200) * 1000),
    })
    expect(await introspect({ ...active, exp: String(now() - 100) })).toEqual(inactive)
  })

  it.each([undefined, null, "", 0, "0", -62_135_596_800])("that is %j is left out", async (time) => {
    const state = await introspect({ ...active, exp: time, iat: time, nbf: time })
    expect(state).toMatchObject({ active: true })
    for (const name of ["expiresAt", "issuedAt", "notBefore"]) expect(state).not.toHaveProperty(name)
  })

  it.each(['"soon"', "true", "[1]", "{}", "1e400", "-1e300", '"1e3"', '"-5"', '" 5"'])(
    "of %s is rejected",
    async (exp) => {
      const raw = `{"active":true,"token_use":"access_token","exp":${exp}}`
      await expect(introspect(raw)).rejects.toMatchObject(invalidMember("exp"))
    },
  )
})

describe("the audience of a token", () => {
  it.each([
    ["a string", "api", ["api"]],
    ["a list", ["api", "other"], ["api", "other"]],
    ["an empty list", [], []],
    ["null", null, []],
    ["absent", undefined, []],
  ])("is a list when it comes as %s", async (_, aud, audience) => {
    expect(await introspect({ ...active, aud })).toMatchObject({ active: true, audience })
  })

  it.each([
    ["a configured audience", "api", true],
    ["a list with a configured audience", ["other", "api"], true],
    ["another audience", "other", false],
    ["a longer audience with the same beginning", "api2", false],
    ["null", null, false],
    ["absent", undefined, false],
    ["an empty list", [], false],
  ])("must contain a configured audience: %s gives active %s", async (_, aud, expectedActive) => {
    expect((await introspect({ ...active, aud }, { audience: ["api", "api-old"] })).active).toBe(expectedActive)
    expect((await introspect({ ...active, aud }, { audience: "any" })).active).toBe(true)
  })

  it.each([5, { a: 1 }, ["a", 5], true])("of %j is rejected", async (aud) => {
    await expect(introspect({ ...active, aud })).rejects.toMatchObject(invalidMember("aud"))
  })
})

describe("the scope of a token", () => {
  it.each([
    ["a string", "read  write ", ["read", "write"]],
    ["a list", ["read", "write"], ["read", "write"]],
    ["an empty string", "", []],
  ])("is a list when it comes as %s", async (_, scope, scopes) => {
    expect(await introspect({ ...active, scope })).toMatchObject({ scopes })
  })

  it("is undefined when it is absent, and empty for a vendor that omits an empty scope", async () => {
    expect(await introspect(active)).not.toHaveProperty("scopes")
    await using server = await scripted(json(active))
    await using auth = createAuth(oryAt(server.url))
    expect(await auth.introspect("token")).toMatchObject({ active: true, scopes: [] })
  })
})

describe("the use of a token", () => {
  it.each([
    ["refresh_token", undefined, false],
    ["refresh_token", "refresh_token", true],
    ["access_token", "refresh_token", false],
    ["access_token", "access_token", true],
    ["id_token", undefined, false],
  ] as const)("of %s, with %s expected, gives active %s", async (token_use, wanted, expectedActive) => {
    const state = await introspect({ ...active, token_use }, {}, wanted === undefined ? {} : { expect: wanted })
    if (expectedActive) expect(state).toMatchObject({ active: true, use: token_use })
    else expect(state).toEqual(inactive)
  })

  it.each([undefined, null, ""])(
    "of %j, which is none, is an error that names the member to set",
    async (token_use) => {
      for (const expect_ of ["access_token", "refresh_token"] as const)
        await expect(introspect({ ...active, token_use }, {}, { expect: expect_ })).rejects.toMatchObject({
          reason: { _tag: "InvalidConfig", issues: [{ path: "token.kind" }] },
        })
    },
  )

  it("of 5 is rejected", async () => {
    await expect(introspect({ ...active, token_use: 5 })).rejects.toMatchObject(invalidMember("token_use"))
  })
})

describe("the issuer of a token", () => {
  it("must equal the configured issuer exactly", async () => {
    await using server = await scripted(json({}))
    await using auth = createAuth(oidcAt(server.url))
    const issuers = [server.url, `${server.url}/`, server.url.toUpperCase(), "https://other.example"]
    const outcomes: Array<unknown> = []
    for (const iss of issuers) {
      server.play(json({ ...active, iss }))
      outcomes.push(
        await auth.introspect("token").then(
          ({ active: is }) => is,
          ({ reason }) => reason._tag,
        ),
      )
    }
    const unexpected = "UnexpectedResponse"
    expect(outcomes).toEqual([true, unexpected, unexpected, unexpected])
  })
})

describe("an introspection response", () => {
  it.each(['"true"', '"false"', "1", "0", "null", "[]", "{}"])("with active %s is rejected", async (value) => {
    await expect(introspect(`{"active":${value},"token_use":"access_token"}`)).rejects.toMatchObject(
      invalidMember("active"),
    )
  })

  it.each(["sub", "client_id", "username", "iss", "jti"])("whose %s is not a string is rejected", async (name) => {
    await expect(introspect({ ...active, [name]: 5 })).rejects.toMatchObject(invalidMember(name))
    await expect(introspect({ ...active, [name]: { toString: "x" } })).rejects.toMatchObject(invalidMember(name))
  })

  it("with active false gives `{ active: false }`, whatever its other members are", async () => {
    expect(await introspect({ ...active, active: false, exp: "nonsense" })).toEqual(inactive)
  })

  it("with duplicate members is read by the last of them, as JSON.parse does", async () => {
    expect(await introspect('{"active":true,"token_use":"access_token","active":false}')).toEqual(inactive)
  })

  it("adds no member from __proto__", async () => {
    const raw = '{"active":true,"token_use":"access_token","__proto__":{"sub":"admin","scope":"all"}}'
    const state = await introspect(raw)
    expect(state).toMatchObject({ active: true })
    expect(state).not.toHaveProperty("subject")
    expect(state).not.toHaveProperty("scopes")
    expect({}).not.toHaveProperty("sub")
  })

  it("is not requested for an empty token, which is inactive", async () => {
    await using server = await scripted(json(active))
    await using auth = createAuth(oidcAt(server.url))
    expect(await auth.introspect("")).toEqual(inactive)
    expect(server.requests).toEqual([])
  })
})
