import * as Effect from "effect/Effect"
import { oidc } from "latchkey/oidc"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import type { Server } from "../../src/adapters/oidc/server.ts"
import type { Settings } from "../../src/adapters/oidc/configuration/settings.ts"
import { tokenState } from "../../src/adapters/oidc/operations/introspection-response.ts"
import type { TokenCheck } from "../../src/ports/errors.ts"
import { json, scripted } from "./scripted-transport.ts"
import { configuration } from "./standard-server.ts"

const server: Server = { issuer: "https://id.example", metadataUrl: "https://id.example/m", clientAuth: "none" }
const settings: Settings = { clientId: "app", timeout: 1000, clockSkew: 30, insecure: [] }

/** Seconds since 1970 in these tests. */
const now = 1_800_000_000

beforeEach(() => {
  vi.useFakeTimers({ now: now * 1000, toFake: ["Date"] })
})
afterEach(() => {
  vi.useRealTimers()
})

interface Given {
  readonly expect?: "access_token" | "refresh_token"
  readonly settings?: Partial<Settings>
  readonly server?: Partial<Server>
}

const active = { active: true, token_use: "access_token" }

const state = (raw: unknown, given: Given = {}) =>
  tokenState(
    json(raw),
    "the token",
    given.expect ?? "access_token",
    { ...settings, ...given.settings },
    { ...server, ...given.server },
  )

describe("an introspection answer", () => {
  test.each<unknown>(["true", 1, "yes", null, undefined, {}, []])("with %j for `active` is no answer", (value) => {
    expect(state({ ...active, active: value })).toMatchObject({ _tag: "UnexpectedResponse", path: "active" })
  })

  test("that is inactive carries nothing else, whatever stands beside it", () => {
    expect(state({ ...active, active: false, sub: "u", exp: "nonsense" })).toEqual({ active: false })
  })

  test("is read into our words", () => {
    const raw = {
      ...active,
      sub: "u",
      client_id: "c",
      username: "name",
      iss: "https://id.example",
      jti: "j",
      aud: ["a", "b"],
      scope: "x  y",
      iat: now - 5,
      nbf: now - 5,
      exp: now + 60,
      ext: { tenant: 1 },
    }
    expect(state(raw)).toEqual({
      active: true,
      use: "access_token",
      subject: "u",
      subjectType: "user",
      clientId: "c",
      username: "name",
      issuer: "https://id.example",
      tokenId: "j",
      audience: ["a", "b"],
      scopes: ["x", "y"],
      issuedAt: new Date((now - 5) * 1000),
      notBefore: new Date((now - 5) * 1000),
      expiresAt: new Date((now + 60) * 1000),
      claims: raw,
      source: { live: new Date(now * 1000), stale: false },
    })
  })

  test("says nothing of what the vendor did not say", () => {
    expect(state({ ...active, sub: null, scope: null })).toEqual({
      active: true,
      use: "access_token",
      audience: [],
      claims: { ...active, sub: null, scope: null },
      source: { live: new Date(now * 1000), stale: false },
    })
  })

  test.each<[object, object]>([
    [{ aud: "a" }, { audience: ["a"] }],
    [{ scope: ["a", "b"] }, { scopes: ["a", "b"] }],
    [{ scope: "" }, { scopes: [] }],
    [{ exp: String(now + 60) }, { expiresAt: new Date((now + 60) * 1000) }],
    [
      { sub: "c", client_id: "c" },
      { subject: "c", subjectType: "client" },
    ],
  ])("with %j has %j", (raw, ours) => {
    expect(state({ ...active, ...raw })).toMatchObject(ours)
  })

  test("without scopes means none where the vendor's definition says so", () => {
    expect(state(active, { server: { absentScopes: "none" } })).toMatchObject({ scopes: [] })
  })

  test.each<[string, unknown]>([
    ["sub", 5],
    ["client_id", {}],
    ["exp", "soon"],
    ["exp", 1e300],
    ["exp", true],
    ["nbf", []],
    ["aud", [1]],
    ["scope", 7],
    ["iss", false],
  ])("whose %s is %j is unexpected, never inactive", (path, value) => {
    expect(state({ ...active, [path]: value })).toMatchObject({ _tag: "UnexpectedResponse", path })
  })
})

describe("the claims", () => {
  test("have no member that changes what is made of a copy", () => {
    const answer = { status: 200, headers: { "content-type": "application/json" } }
    const body = JSON.stringify({ ...active, a: 1 }).replace('"a":1', '"__proto__":{"admin":true}')
    const judged = tokenState({ ...answer, body }, "token", "access_token", settings, server)
    const claims = "claims" in judged ? judged.claims : {}
    expect(claims).toMatchObject({ token_use: "access_token" })
    expect(Object.hasOwn(claims, "__proto__")).toBe(false)
    expect(Object.assign({}, claims)).not.toHaveProperty("admin")
  })
})

describe("an active token is none to us, and the check is said", () => {
  test.each<[string, TokenCheck, object, Given]>([
    ["past its end and the skew", "expired", { exp: now - 30 }, {}],
    ["before its beginning and the skew", "expired", { nbf: now + 31 }, {}],
    ["of another issuer", "issuer", { iss: "https://id.example/" }, {}],
    ["for another audience", "audience", { aud: ["b"] }, { settings: { audience: ["a"] } }],
    ["a refresh token in place of an access token", "rejected", { token_use: "refresh_token" }, {}],
    ["an access token in place of a refresh token", "rejected", {}, { expect: "refresh_token" }],
    ["of a kind nobody named", "rejected", { token_use: undefined }, {}],
    ["of a kind nobody knows", "rejected", { token_use: "id_token" }, {}],
    [
      "of no kind, as a refresh token, even when that is trusted",
      "rejected",
      { token_use: undefined },
      { expect: "refresh_token", server: { trustUnknownUse: true } },
    ],
    [
      "a refresh token, even when no kind is trusted",
      "rejected",
      { token_use: "refresh_token" },
      { server: { trustUnknownUse: true } },
    ],
  ])("%s: %s", (_, check, raw, given) => {
    expect(state({ ...active, ...raw }, given)).toEqual({ rejected: check })
  })

  test("for no audience, where one is wanted: audience; unless a signature names one", () => {
    const judged = state(active, { settings: { audience: ["a"] } })
    expect(judged).toMatchObject({ rejected: "audience", ifSigned: { active: true, audience: [] } })
  })
})

describe("an active token stays active", () => {
  test.each<[string, object, Given]>([
    ["within the skew after its end", { exp: now - 29 }, {}],
    ["within the skew before its beginning", { nbf: now + 30 }, {}],
    ["for one of the audiences", { aud: ["a", "b"] }, { settings: { audience: ["z", "b"] } }],
    ["for any audience", { aud: ["a"] }, { settings: { audience: "any" } }],
    ["as a refresh token, when that is expected", { token_use: "refresh_token" }, { expect: "refresh_token" }],
    ["of no kind, where that is trusted", { token_use: undefined }, { server: { trustUnknownUse: true } }],
    [
      "of the kind that the vendor's own mark says",
      { token_use: undefined },
      { server: { tokenUse: () => "access_token" } },
    ],
  ])("%s", (_, raw, given) => {
    expect(state({ ...active, ...raw }, given)).toMatchObject({ active: true })
  })
})

describe("a server that marks access tokens by their token_type", () => {
  const marked = (raw: object) => {
    const door = scripted(json({ active: true, ...raw }))
    const auth = Effect.runSync(
      Effect.scoped(oidc({ ...configuration, accessTokenMark: "token_type" }, { transport: door })),
    )
    return Effect.runPromise(auth.introspect("token"))
  }

  test.each(["Bearer", "bearer", "DPoP"])("says so with %s", async (token_type) => {
    expect(await marked({ token_type })).toMatchObject({ active: true, use: "access_token" })
  })

  test.each([undefined, null, "", 0, false, {}, "refresh_token"])("does not say so with %j", async (token_type) => {
    expect(await marked({ token_type })).toEqual({ active: false })
  })
})
