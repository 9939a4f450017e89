import * as Effect from "effect/Effect"
import { afterEach, describe, expect, test, vi } from "vitest"
import { words } from "../../src/adapters/oidc/operations/token-endpoint.ts"
import { open as openOry } from "./ory-server.ts"
import { formOf, json, reasonOf } from "./scripted-transport.ts"
import { open } from "./standard-server.ts"

const bare = { access_token: "a", token_type: "bearer" }
const granted = (more: object = {}) => json({ ...bare, ...more })

afterEach(() => vi.useRealTimers())

describe("the answer of a token endpoint", () => {
  test("without a scope means what was asked for", async () => {
    const asked = open([granted(), granted(), granted()], { scopes: ["configured"] }).auth
    expect((await Effect.runPromise(asked.clientCredentials({ scopes: ["a", "b"] }))).scopes).toEqual(["a", "b"])
    expect((await Effect.runPromise(asked.clientCredentials())).scopes).toEqual(["configured"])
    expect((await Effect.runPromise(asked.refresh("r", { scopes: ["c"] }))).scopes).toEqual(["c"])
  })

  test("with a scope means that, even when it is less, or nothing", async () => {
    const { auth } = open([granted({ scope: "b  a" }), granted({ scope: "" })])
    expect((await Effect.runPromise(auth.clientCredentials({ scopes: ["a", "b", "c"] }))).scopes).toEqual(["b", "a"])
    expect((await Effect.runPromise(auth.clientCredentials({ scopes: ["a"] }))).scopes).toEqual([])
  })

  test("without a refresh token keeps the old one on a refresh, and has none elsewhere", async () => {
    const { auth } = open([granted(), granted()])
    expect((await Effect.runPromise(auth.refresh("old"))).refreshToken).toBe("old")
    expect(await Effect.runPromise(auth.clientCredentials())).not.toHaveProperty("refreshToken")
  })

  test("with a refresh token rotates it", async () => {
    const { auth } = open([granted({ refresh_token: "new" })])
    expect((await Effect.runPromise(auth.refresh("old"))).refreshToken).toBe("new")
  })

  test("without expires_in has no end that we know of", async () => {
    const { auth } = open([granted()])
    expect(await Effect.runPromise(auth.clientCredentials())).not.toHaveProperty("expiresAt")
  })

  test("with expires_in ends that many seconds from now", async () => {
    vi.useFakeTimers({ now: 1_000_000, toFake: ["Date"] })
    const { auth } = open([granted({ expires_in: 60 }), granted({ expires_in: 0 })])
    expect((await Effect.runPromise(auth.clientCredentials())).expiresAt).toEqual(new Date(1_060_000))
    expect((await Effect.runPromise(auth.clientCredentials())).expiresAt).toEqual(new Date(1_000_000))
  })

  test("is bearer in lower case, however it is written", async () => {
    const { auth } = open([json({ ...bare, token_type: "BEARER" })])
    expect((await Effect.runPromise(auth.clientCredentials())).tokenType).toBe("bearer")
  })

  test("holds no more than it said", async () => {
    const { auth } = open([granted({ strange: 1, scope: "a" })])
    expect(await Effect.runPromise(auth.clientCredentials())).toEqual({
      accessToken: "a",
      tokenType: "bearer",
      scopes: ["a"],
    })
  })

  test.each<[string, unknown]>([
    ["no access token", { token_type: "bearer" }],
    ["an empty access token", { ...bare, access_token: "" }],
    ["no token type", { access_token: "a" }],
    ["an access token of another type", { ...bare, access_token: 5 }],
    ["a scope of another type", { ...bare, scope: ["a"] }],
    ["a life that is no number", { ...bare, expires_in: "sentinel-4f9a" }],
    ["a negative life", { ...bare, expires_in: -1 }],
    ["a list", []],
    ["a word", "sentinel-4f9a"],
  ])("is unexpected with %s, and is not repeated", async (_, body) => {
    const { auth } = open([json(body)])
    const reason = await reasonOf(auth.clientCredentials())
    expect(reason).toMatchObject({ _tag: "UnexpectedResponse", status: 200 })
    expect(JSON.stringify(reason)).not.toContain("sentinel-4f9a")
  })

  test("with a life longer than a Date can say is no defect", async () => {
    const { auth } = open([granted({ expires_in: 1e300 })])
    const outcome = await Effect.runPromise(Effect.result(auth.clientCredentials()))
    if (outcome._tag === "Success") expect(outcome.success.expiresAt?.getTime()).not.toBeNaN()
    else expect(outcome.failure.reason._tag).toBe("UnexpectedResponse")
  })
})

describe("a grant", () => {
  test("sends its own form", async () => {
    const { auth, door } = open([granted(), granted(), granted()], { scopes: ["s"] })
    await Effect.runPromise(auth.clientCredentials())
    await Effect.runPromise(auth.refresh("r"))
    await Effect.runPromise(auth.jwtBearer("x.y.z", { scopes: ["a", "b"] }))
    expect(door.requests.map(formOf)).toEqual([
      { grant_type: "client_credentials", scope: "s" },
      { grant_type: "refresh_token", refresh_token: "r" },
      { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: "x.y.z", scope: "a b" },
    ])
  })

  test("sends an audience where the server has a parameter for it, and refuses it where not", async () => {
    const { auth, door } = open([granted()], { audienceParameter: "resource" })
    await Effect.runPromise(auth.clientCredentials({ audience: ["https://a.example", "https://b.example"] }))
    const sent = new URLSearchParams(door.requests[0]?.body)
    expect(sent.getAll("resource")).toEqual(["https://a.example", "https://b.example"])
    expect(await reasonOf(open().auth.clientCredentials({ audience: ["a"] }))).toMatchObject({
      _tag: "UnsupportedOperation",
      argument: "audience",
    })
  })

  test("refuses scopes where the vendor would ignore them, and sends nothing", async () => {
    const { auth, door } = openOry()
    expect(await reasonOf(auth.refresh("r", { scopes: ["a"] }))).toMatchObject({
      _tag: "UnsupportedOperation",
      argument: "scopes",
      instead: expect.any(String),
    })
    expect(door.requests).toEqual([])
  })

  test("proves the client by post where that was configured, never in the URL", async () => {
    const { auth, door } = open([granted()], { clientAuth: "client_secret_post" })
    await Effect.runPromise(auth.clientCredentials())
    expect(formOf(door.requests[0])).toMatchObject({ client_id: "app", client_secret: "a secret of ours" })
    expect(door.requests[0]?.headers).not.toHaveProperty("authorization")
    expect(door.requests[0]?.url).not.toContain("secret")
  })
})

describe("words", () => {
  test("are split at spaces, however many", () => {
    expect(words(" a  b ")).toEqual(["a", "b"])
    expect(words("")).toEqual([])
  })
})
