import * as Effect from "effect/Effect"
import { oidc } from "latchkey/oidc"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import type { Settings } from "../../src/adapters/oidc/configuration/settings.ts"
import { tokenState } from "../../src/adapters/oidc/operations/introspection-response.ts"
import type { Server } from "../../src/adapters/oidc/server.ts"
import type { TokenCheck } from "../../src/ports/errors.ts"
import { json, scripted } from "./scripted-transport.ts"
import { configuration } from "./standard-server.ts"

const server: Server = { issuer: "https://id.example", metadataUrl: "https://id.example/m", clientAuth: "none" }
const settings: Settings = { clientId: "app", attemptTimeout: 1000, clockSkew: 30_000, insecureOrigins: [] }

/** The current time in these tests, in seconds since 1970. */
const now = 1_800_000_000

beforeEach(() => {
  vi.useFakeTimers({ now: now * 1000, toFake: ["Date"] })
})
afterEach(() => {
  vi.useRealTimers()
})

interface StateOptions {
  readonly expect?: "access_token" | "refresh_token"
  readonly settings?: Partial<Settings>
  readonly server?: Partial<Server>
}

const active = { active: true, token_use: "access_token" }

const state = (raw: unknown, options: StateOptions = {}) =>
  tokenState(
    json(raw),
    "the token",
    options.expect ?? "access_token",
    { ...settings, ...options.settings },
    { ...server, ...options.server },
  )

describe("an introspection response", () => {
  test.each<unknown>(["true", 1, "yes", null, undefined, {}, []])("with %j for `active` is unexpected", (value) => {
    expect(state({ ...active, active: value })).toMatchObject({ _tag: "UnexpectedResponse", path: "active" })
  })

  test("with `active: false` has a result without other members", () => {
    expect(state({ ...active, active: false, sub: "u", exp: "nonsense" })).toEqual({ active: false })
  })

  test("is translated to latchkey's members", () => {
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
    expect(state(raw, { server: { token: { subjects: "users" } } })).toEqual({
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

  test("has a result without the members that the vendor left out", () => {
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
  ])("with %j has %j", (raw, expected) => {
    expect(state({ ...active, ...raw })).toMatchObject(expected)
  })

  test("without `scope` has an empty list of scopes when the definition has `absentScopes`", () => {
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
    ["token_use", 5],
    ["token_use", {}],
  ])("whose %s is %j is unexpected, never inactive", (path, value) => {
    expect(state({ ...active, [path]: value })).toMatchObject({ _tag: "UnexpectedResponse", path })
  })
})

describe("the claims", () => {
  test("never contain `__proto__`, which would change the prototype of a copy", () => {
    const head = { status: 200, headers: { "content-type": "application/json" } }
    const body = JSON.stringify({ ...active, a: 1 }).replace('"a":1', '"__proto__":{"admin":true}')
    const result = tokenState({ ...head, body }, "token", "access_token", settings, server)
    const claims = "claims" in result ? result.claims : {}
    expect(claims).toMatchObject({ token_use: "access_token" })
    expect(Object.hasOwn(claims, "__proto__")).toBe(false)
    expect(Object.assign({}, claims)).not.toHaveProperty("admin")
  })
})

describe("an active token is rejected with the failed check", () => {
  test.each<[string, TokenCheck, object, StateOptions]>([
    ["past `exp` and the clock skew", "expired", { exp: now - 30 }, {}],
    ["before `nbf` and the clock skew", "expired", { nbf: now + 31 }, {}],
    ["for another audience", "audience", { aud: ["b"] }, { settings: { audience: ["a"] } }],
    ["a refresh token in place of an access token", "rejected", { token_use: "refresh_token" }, {}],
    ["an access token in place of a refresh token", "rejected", {}, { expect: "refresh_token" }],
    ["with an unknown token use", "rejected", { token_use: "id_token" }, {}],
    [
      "without a token use, as a refresh token, where the server introspects access tokens only",
      "rejected",
      { token_use: undefined },
      { expect: "refresh_token", server: { token: { kind: "access_only" } } },
    ],
    [
      "a refresh token, even where the server is said to introspect access tokens only",
      "rejected",
      { token_use: "refresh_token" },
      { server: { token: { kind: "access_only" } } },
    ],
    [
      "an ID token, even where the hint is an exact filter",
      "rejected",
      { token_use: "id" },
      { server: { token: { kind: "hint" } } },
    ],
  ])("%s: %s", (_, check, raw, options) => {
    expect(state({ ...active, ...raw }, options)).toEqual({ rejected: check })
  })

  test("without an audience when an audience is configured, unless a signed JWT has an audience: audience", () => {
    const result = state(active, { settings: { audience: ["a"] } })
    expect(result).toMatchObject({ rejected: "audience", ifSigned: { active: true, audience: [] } })
  })
})

describe("an active token stays active", () => {
  test.each<[string, object, StateOptions]>([
    ["within the clock skew after `exp`", { exp: now - 29 }, {}],
    ["within the clock skew before `nbf`", { nbf: now + 30 }, {}],
    ["for one of the audiences", { aud: ["a", "b"] }, { settings: { audience: ["z", "b"] } }],
    ["for any audience", { aud: ["a"] }, { settings: { audience: "any" } }],
    [
      "as a refresh token, when a refresh token is expected",
      { token_use: "refresh_token" },
      { expect: "refresh_token" },
    ],
    [
      "without a token use, where the server introspects access tokens only",
      { token_use: undefined },
      { server: { token: { kind: "access_only" } } },
    ],
    [
      "without a token use, where the hint is an exact filter",
      { token_use: undefined },
      { server: { token: { kind: "hint" } } },
    ],
    [
      "as a refresh token without a token use, where the hint is an exact filter",
      { token_use: undefined },
      { expect: "refresh_token", server: { token: { kind: "hint" } } },
    ],
    [
      "with the kind of the server's own rule",
      { token_use: undefined },
      { server: { token: { kind: [{ in: "token", use: "access_token" }] } } },
    ],
  ])("%s", (_, raw, options) => {
    expect(state({ ...active, ...raw }, options)).toMatchObject({ active: true })
  })
})

describe("a server that marks access tokens by their token_type", () => {
  const kind = [
    { name: "token_type", is: ["Bearer", "bearer", "DPoP"], use: "access_token" },
    { in: "token", use: "refresh_token" },
  ] as const
  const introspected = (raw: object) => {
    const transport = scripted(json({ active: true, ...raw }))
    const auth = Effect.runSync(Effect.scoped(oidc({ ...configuration, token: { kind } }, { transport })))
    return Effect.runPromise(auth.introspect("token"))
  }

  test.each(["Bearer", "bearer", "DPoP"])("marks an access token with %s", async (token_type) => {
    expect(await introspected({ token_type })).toMatchObject({ active: true, use: "access_token" })
  })

  test.each([undefined, null, "", 0, false, {}, "refresh_token"])(
    "does not mark an access token with %j",
    async (token_type) => {
      expect(await introspected({ token_type })).toEqual({ active: false })
    },
  )
})
