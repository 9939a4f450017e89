import * as Effect from "effect/Effect"
import { afterEach, describe, expect, test, vi } from "vitest"
import { splitScopes } from "../../src/internal/token-members.ts"
import { open as openOry } from "./ory-server.ts"
import { formOf, json, reasonOf } from "./scripted-transport.ts"
import { open } from "./standard-server.ts"

const minimal = { access_token: "a", token_type: "bearer" }
const tokenResponse = (more: object = {}) => json({ ...minimal, ...more })

afterEach(() => vi.useRealTimers())

describe("a token response", () => {
  test("without `scope` has the requested scopes", async () => {
    const { auth } = open([tokenResponse(), tokenResponse(), tokenResponse()], { scopes: ["configured"] })
    expect((await Effect.runPromise(auth.clientCredentials({ scopes: ["a", "b"] }))).scopes).toEqual(["a", "b"])
    expect((await Effect.runPromise(auth.clientCredentials())).scopes).toEqual(["configured"])
    expect((await Effect.runPromise(auth.refresh("r", { scopes: ["c"] }))).scopes).toEqual(["c"])
  })

  test("with `scope` has exactly these scopes, even when fewer or empty", async () => {
    const { auth } = open([tokenResponse({ scope: "b  a" }), tokenResponse({ scope: "" })])
    expect((await Effect.runPromise(auth.clientCredentials({ scopes: ["a", "b", "c"] }))).scopes).toEqual(["b", "a"])
    expect((await Effect.runPromise(auth.clientCredentials({ scopes: ["a"] }))).scopes).toEqual([])
  })

  test("without a refresh token keeps the old refresh token, on a refresh only", async () => {
    const { auth } = open([tokenResponse(), tokenResponse()])
    expect((await Effect.runPromise(auth.refresh("old"))).refreshToken).toBe("old")
    expect(await Effect.runPromise(auth.clientCredentials())).not.toHaveProperty("refreshToken")
  })

  test("with a refresh token replaces the old refresh token", async () => {
    const { auth } = open([tokenResponse({ refresh_token: "new" })])
    expect((await Effect.runPromise(auth.refresh("old"))).refreshToken).toBe("new")
  })

  test("without expires_in has no `expiresAt`", async () => {
    const { auth } = open([tokenResponse()])
    expect(await Effect.runPromise(auth.clientCredentials())).not.toHaveProperty("expiresAt")
  })

  test("with expires_in expires that many seconds from now", async () => {
    vi.useFakeTimers({ now: 1_000_000, toFake: ["Date"] })
    const { auth } = open([tokenResponse({ expires_in: 60 }), tokenResponse({ expires_in: 0 })])
    expect((await Effect.runPromise(auth.clientCredentials())).expiresAt).toEqual(new Date(1_060_000))
    expect((await Effect.runPromise(auth.clientCredentials())).expiresAt).toEqual(new Date(1_000_000))
  })

  test("has its token type in lower case", async () => {
    const { auth } = open([json({ ...minimal, token_type: "BEARER" })])
    expect((await Effect.runPromise(auth.clientCredentials())).tokenType).toBe("bearer")
  })

  test("has a result without unknown members", async () => {
    const { auth } = open([tokenResponse({ strange: 1, scope: "a" })])
    expect(await Effect.runPromise(auth.clientCredentials())).toEqual({
      accessToken: "a",
      tokenType: "bearer",
      scopes: ["a"],
    })
  })

  test.each<[string, unknown]>([
    ["no access token", { token_type: "bearer" }],
    ["an empty access token", { ...minimal, access_token: "" }],
    ["no token type", { access_token: "a" }],
    ["an access token of another type", { ...minimal, access_token: 5 }],
    ["a scope of another type", { ...minimal, scope: ["a"] }],
    ["an expires_in that is not a number", { ...minimal, expires_in: "sentinel-4f9a" }],
    ["a negative expires_in", { ...minimal, expires_in: -1 }],
    ["a list", []],
    ["a string", "sentinel-4f9a"],
  ])("is unexpected as %s, and is not repeated", async (_, body) => {
    const { auth } = open([json(body)])
    const reason = await reasonOf(auth.clientCredentials())
    expect(reason).toMatchObject({ _tag: "UnexpectedResponse", status: 200 })
    expect(JSON.stringify(reason)).not.toContain("sentinel-4f9a")
  })

  test("never causes a defect by an expires_in beyond the range of Date", async () => {
    const { auth } = open([tokenResponse({ expires_in: 1e300 })])
    const outcome = await Effect.runPromise(Effect.result(auth.clientCredentials()))
    if (outcome._tag === "Success") expect(outcome.success.expiresAt?.getTime()).not.toBeNaN()
    else expect(outcome.failure.reason._tag).toBe("UnexpectedResponse")
  })
})

describe("a grant", () => {
  test("sends the form of its grant type", async () => {
    const { auth, transport } = open([tokenResponse(), tokenResponse(), tokenResponse()], { scopes: ["s"] })
    await Effect.runPromise(auth.clientCredentials())
    await Effect.runPromise(auth.refresh("r"))
    await Effect.runPromise(auth.jwtBearer("x.y.z", { scopes: ["a", "b"] }))
    expect(transport.requests.map(formOf)).toEqual([
      { grant_type: "client_credentials", scope: "s" },
      { grant_type: "refresh_token", refresh_token: "r" },
      { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: "x.y.z", scope: "a b" },
    ])
  })

  test("supports an audience only when the server has a parameter for it", async () => {
    const { auth, transport } = open([tokenResponse()], { token: { audienceParameter: "resource" } })
    await Effect.runPromise(auth.clientCredentials({ audience: ["https://a.example", "https://b.example"] }))
    const sent = new URLSearchParams(transport.requests[0]?.body)
    expect(sent.getAll("resource")).toEqual(["https://a.example", "https://b.example"])
    expect(await reasonOf(open().auth.clientCredentials({ audience: ["a"] }))).toMatchObject({
      _tag: "UnsupportedOperation",
      argument: "audience",
    })
  })

  test("does not support scopes that the vendor would ignore", async () => {
    const { auth, transport } = openOry()
    expect(await reasonOf(auth.refresh("r", { scopes: ["a"] }))).toMatchObject({
      _tag: "UnsupportedOperation",
      argument: "scopes",
      instead: expect.any(String),
    })
    expect(transport.requests).toEqual([])
  })

  test("sends client credentials in the body with client_secret_post, never in the URL", async () => {
    const { auth, transport } = open([tokenResponse()], { clientAuth: "client_secret_post" })
    await Effect.runPromise(auth.clientCredentials())
    expect(formOf(transport.requests[0])).toMatchObject({ client_id: "app", client_secret: "a secret of ours" })
    expect(transport.requests[0]?.headers).not.toHaveProperty("authorization")
    expect(transport.requests[0]?.url).not.toContain("secret")
  })
})

describe("splitScopes", () => {
  test("are split at any number of spaces", () => {
    expect(splitScopes(" a  b ")).toEqual(["a", "b"])
    expect(splitScopes("")).toEqual([])
  })
})
