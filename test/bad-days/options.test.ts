import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type CallOptions, createAuth } from "latchkey"
import { describe, expect, it } from "vitest"
import { oryAt } from "./providers.ts"
import { scripted } from "./scripted-server.ts"
import { asJson, drip, endless, hang, head, json } from "./scripts.ts"

const open = (url: string) => createAuth(oryAt(url))
type Auth = ReturnType<typeof open>

/** Untyped calls, as plain JavaScript makes them. The compiler rejects most of the options below. */
type Loose = (...args: ReadonlyArray<unknown>) => Promise<unknown>
const loose = (method: object): Loose => method as Loose

const first = async (list: AsyncIterable<unknown>): Promise<unknown> => {
  for await (const item of list) return item
  return undefined
}

const calls: ReadonlyArray<readonly [string, (auth: Auth, options: unknown) => Promise<unknown>]> = [
  ["introspect", (auth, options) => loose(auth.introspect)("token", options)],
  ["revoke", (auth, options) => loose(auth.revoke)("token", options)],
  ["userInfo", (auth, options) => loose(auth.userInfo)("token", options)],
  ["clientCredentials", (auth, options) => loose(auth.clientCredentials)({}, options)],
  ["refresh", (auth, options) => loose(auth.refresh)("token", options)],
  ["clients.get", (auth, options) => loose(auth.clients.get)("client", options)],
  ["clients.list", (auth, options) => first(auth.clients.list({}, options as CallOptions))],
  ["metadata.discover", (auth, options) => loose(auth.metadata.discover)({}, options)],
]

const expectTimeout = async (call: Promise<unknown>) => {
  const start = performance.now()
  await expect(call).rejects.toMatchObject({ _tag: "AuthError", isRetryable: true, reason: { _tag: "Unavailable" } })
  const ms = performance.now() - start
  expect(ms).toBeGreaterThanOrEqual(97)
  expect(ms).toBeLessThan(1500)
}

describe.concurrent.each(calls)("%s", (name, call) => {
  it.each(["100ms", "100 millis", Duration.millis(100)])(
    "ends after a timeout of %j and closes the socket",
    async (timeout) => {
      await using server = await scripted(hang)
      await using auth = open(server.url)
      await expectTimeout(call(auth, { timeout }))
      await server.released()
    },
  )

  it("ends at the timeout when the body arrives one byte at a time", async () => {
    await using server = await scripted(drip(head(200, { ...asJson, "content-length": "999" }), endless(" "), 50))
    await using auth = open(server.url)
    await expectTimeout(call(auth, { timeout: "100 millis" }))
    await server.released()
  })

  it.each([
    [{ timeout: "0 millis" }, "timeout"],
    [{ timeout: "-1 seconds" }, "timeout"],
    [{ timeout: 100 }, "timeout"],
    [{ timeout: "100" }, "timeout"],
    [{ timeout: Number.NaN }, "timeout"],
    [{ timeout: "Infinity" }, "timeout"],
    [{ timeout: Duration.infinity }, "timeout"],
    [{ timeout: "soon" }, "timeout"],
    [{ retry: true }, "retry"],
    [{ retries: 3 }, "retries"],
    [{ timeOut: 100 }, "timeOut"],
    [{ timeout: "100 millis", cache: "no-store" }, "cache"],
  ])("rejects the options %j with an error that names %s, and sends nothing", async (options, invalidName) => {
    await using server = await scripted(json({}))
    await using auth = open(server.url)
    const error = await call(auth, options).catch((caught: unknown) => caught)
    expect(error).toMatchObject({
      _tag: "AuthError",
      provider: "ory",
      operation: name,
      reason: { _tag: "InvalidRequest" },
    })
    expect(String(error)).toContain(invalidName)
    expect(server.connections().opened).toBe(0)
  })

  it.each(["no object", 5, null, []])("rejects %j in place of options", async (options) => {
    await using server = await scripted(json({}))
    await using auth = open(server.url)
    await expect(call(auth, options)).rejects.toMatchObject({ reason: { _tag: "InvalidRequest" } })
    expect(server.connections().opened).toBe(0)
  })
})

describe("retry: false", () => {
  it("sends one request", async () => {
    await using server = await scripted(json({ active: false }))
    await using auth = open(server.url)
    expect(await auth.introspect("token", { retry: false })).toEqual({ active: false })
    expect(server.requests).toHaveLength(1)
  })
})

describe("arguments", () => {
  const invalidCalls: ReadonlyArray<readonly [string, string, (auth: Auth) => Promise<unknown>]> = [
    ["a token that is not a string", "string", (auth) => loose(auth.introspect)({ token: "a" })],
    ["no token", "string", (auth) => loose(auth.revoke)()],
    ["an empty token", "", (auth) => auth.userInfo("")],
    ["a third argument", "2", (auth) => loose(auth.introspect)("token", {}, "more")],
    ["an unknown grant member", "scope", (auth) => loose(auth.clientCredentials)({ scope: "a b" })],
    ["a scope with a space", "scopes.0", (auth) => auth.clientCredentials({ scopes: ["a b"] })],
    ["an unknown client member", "client_name", (auth) => loose(auth.clients.create)({ client_name: "a" })],
    ["an unknown freshness", "freshness", (auth) => loose(auth.introspect)("token", { freshness: "never" })],
    ["an unknown list filter", "nmae", (auth) => first(auth.clients.list({ nmae: "a" } as { readonly name?: string }))],
    ["a page size that is too large", "pageSize", (auth) => first(auth.clients.list({ pageSize: 10_000 }))],
    [
      "input for an operation that has no input",
      "issuer",
      (auth) => loose(auth.metadata.discover)({ issuer: "https://a.example" }),
    ],
  ]

  it.each(invalidCalls)(
    "with %s are rejected with an error that names it, and nothing is sent",
    async (_, name, call) => {
      await using server = await scripted(json({}))
      await using auth = open(server.url)
      const error = await call(auth).catch((caught: unknown) => caught)
      expect(error).toMatchObject({ _tag: "AuthError", reason: { _tag: "InvalidRequest" } })
      expect(String(error)).toContain(name)
      expect(server.connections().opened).toBe(0)
    },
  )

  it("of the Effect API cannot contain an AbortSignal", async () => {
    await using server = await scripted(json({ active: false }))
    const options = { signal: new AbortController().signal, timeout: "100 millis" } as const
    const call = Effect.scoped(
      Effect.flatMap(oryAt(server.url), (auth) => Effect.flip(auth.introspect("token", options))),
    )
    const error = await Effect.runPromise(call)
    expect(error).toMatchObject({ reason: { _tag: "InvalidRequest" } })
    expect(error.message).toContain("signal")
    expect(server.connections().opened).toBe(0)
  })
})
