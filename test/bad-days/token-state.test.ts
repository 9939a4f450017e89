import { createAuth } from "latchkey"
import { describe, expect, it } from "vitest"
import { oidcAt, oryAt } from "./providers.ts"
import { scripted } from "./scripted-server.ts"
import { answer, json } from "./scripts.ts"

const now = () => Math.floor(Date.now() / 1000)
const active = { active: true, token_use: "access_token", client_id: "service", sub: "somebody" }
const inactive = { active: false }

type More = Parameters<typeof oidcAt>[1]
type Expect = { readonly expect?: "access_token" | "refresh_token" }

/** What `introspect` makes of an answer. */
const read = async (raw: object | string, more: More = {}, options: Expect = {}) => {
  await using server = await scripted(typeof raw === "string" ? answer(200, raw) : json(raw))
  await using auth = createAuth(oidcAt(server.url, more))
  return await auth.introspect("token", options)
}

const misread = (path: string) => ({ _tag: "AuthError", reason: { _tag: "UnexpectedResponse", status: 200, path } })

describe("the time of a token", () => {
  it.each([
    ["passed within the skew", -20, {}, true],
    ["passed beyond the skew", -31, {}, false],
    ["passed by a second where no skew is granted", -1, { clockSkew: 0 }, false],
    ["passed within a larger skew", -50, { clockSkew: 60 }, true],
    ["to come", 60, {}, true],
  ] as const)("that is %s decides whether it is active", async (_, from, more, alive) => {
    expect((await read({ ...active, exp: now() + from }, more)).active).toBe(alive)
  })

  it("that has not begun makes it inactive, beyond the skew", async () => {
    expect(await read({ ...active, nbf: now() + 100 })).toEqual(inactive)
    expect(await read({ ...active, nbf: now() + 10 })).toMatchObject({ active: true })
  })

  it("is read from a string of digits, too", async () => {
    const exp = now() + 100
    const state = await read({ ...active, exp: String(exp), iat: String(exp - 200), nbf: String(exp - 200) })
    expect(state).toMatchObject({
      expiresAt: new Date(exp * 1000),
      issuedAt: new Date((exp - 200) * 1000),
      notBefore: new Date((exp - 200) * 1000),
    })
    expect(await read({ ...active, exp: String(now() - 100) })).toEqual(inactive)
  })

  it("of zero has passed", async () => {
    expect(await read({ ...active, exp: 0 })).toEqual(inactive)
  })

  it("that is absent or null is unknown", async () => {
    expect(await read({ ...active, exp: null })).not.toHaveProperty("expiresAt")
    expect(await read(active)).not.toHaveProperty("expiresAt")
  })

  it.each(['"soon"', '""', "true", "[1]", "{}", "1e400", "-1e300", '"1e3"', '"-5"', '" 5"'])(
    "of %s is no time",
    async (exp) => {
      const raw = `{"active":true,"token_use":"access_token","exp":${exp}}`
      await expect(read(raw)).rejects.toMatchObject(misread("exp"))
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
    expect(await read({ ...active, aud })).toMatchObject({ active: true, audience })
  })

  it.each([
    ["one of those configured", "api", true],
    ["a list with one of them", ["other", "api"], true],
    ["another", "other", false],
    ["one that begins alike", "api2", false],
    ["null", null, false],
    ["absent", undefined, false],
    ["empty", [], false],
  ])("must fit the configured one: %s", async (_, aud, alive) => {
    expect((await read({ ...active, aud }, { audience: ["api", "api-old"] })).active).toBe(alive)
    expect((await read({ ...active, aud }, { audience: "any" })).active).toBe(true)
  })

  it.each([5, { a: 1 }, ["a", 5], true])("of %j is misread by nobody", async (aud) => {
    await expect(read({ ...active, aud })).rejects.toMatchObject(misread("aud"))
  })
})

describe("the scope of a token", () => {
  it.each([
    ["a string", "read  write ", ["read", "write"]],
    ["a list", ["read", "write"], ["read", "write"]],
    ["an empty string", "", []],
  ])("is a list when it comes as %s", async (_, scope, scopes) => {
    expect(await read({ ...active, scope })).toMatchObject({ scopes })
  })

  it("is unsaid when it is absent, and none where the vendor leaves it out for none", async () => {
    expect(await read(active)).not.toHaveProperty("scopes")
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
    [undefined, undefined, false],
    [undefined, "refresh_token", false],
    [5, undefined, false],
  ] as const)("%s where %s is expected", async (token_use, wanted, alive) => {
    const state = await read({ ...active, token_use }, {}, wanted === undefined ? {} : { expect: wanted })
    if (alive) expect(state).toMatchObject({ active: true, use: token_use })
    else expect(state).toEqual(inactive)
  })
})

describe("the issuer of a token", () => {
  it("must be the configured one, byte for byte", async () => {
    await using server = await scripted(json({}))
    await using auth = createAuth(oidcAt(server.url))
    const states = [server.url, `${server.url}/`, server.url.toUpperCase(), "https://other.example"]
    const found = []
    for (const iss of states) {
      server.play(json({ ...active, iss }))
      found.push((await auth.introspect("token")).active)
    }
    expect(found).toEqual([true, false, false, false])
  })
})

describe("an answer", () => {
  it.each(['"true"', '"false"', "1", "0", "null", "[]", "{}"])("whose active is %s is no answer", async (value) => {
    await expect(read(`{"active":${value},"token_use":"access_token"}`)).rejects.toMatchObject(misread("active"))
  })

  it.each(["sub", "client_id", "username", "iss", "jti"])("whose %s is no string is no answer", async (name) => {
    await expect(read({ ...active, [name]: 5 })).rejects.toMatchObject(misread(name))
    await expect(read({ ...active, [name]: { toString: "x" } })).rejects.toMatchObject(misread(name))
  })

  it("that is inactive carries nothing else, whatever came with it", async () => {
    expect(await read({ ...active, active: false, exp: "nonsense" })).toEqual(inactive)
  })

  it("counts the last of duplicate members, as JSON does, and never an earlier one", async () => {
    expect(await read('{"active":true,"token_use":"access_token","active":false}')).toEqual(inactive)
  })

  it("takes nothing from __proto__", async () => {
    const raw = '{"active":true,"token_use":"access_token","__proto__":{"sub":"admin","scope":"all"}}'
    const state = await read(raw)
    expect(state).toMatchObject({ active: true })
    expect(state).not.toHaveProperty("subject")
    expect(state).not.toHaveProperty("scopes")
    expect({}).not.toHaveProperty("sub")
  })

  it("for the empty string is inactive, and asks nobody", async () => {
    await using server = await scripted(json(active))
    await using auth = createAuth(oidcAt(server.url))
    expect(await auth.introspect("")).toEqual(inactive)
    expect(server.asked).toEqual([])
  })
})
