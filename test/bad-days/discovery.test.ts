import { createAuth } from "latchkey"
import { describe, expect, it } from "vitest"
import { discoveredAt, metadataOf, metadataPath } from "./providers.ts"
import { type Script, type ScriptedServer, scripted } from "./scripted-server.ts"
import { answer, asHtml, hang, inTurn, json, reset, routes } from "./scripts.ts"

const open = (server: ScriptedServer, more: Parameters<typeof discoveredAt>[1] = {}) =>
  createAuth(discoveredAt(server.url, { timeout: 300, ...more }))
type Auth = ReturnType<typeof open>

const good = { access_token: "a", token_type: "bearer", active: false, sub: "somebody", keys: [] }
const device = { device_code: "a", user_code: "b", verification_uri: "https://a.example", expires_in: 60 }

/** A server whose metadata is changed by `change`. */
const publishing = async (change: (url: string) => object): Promise<ScriptedServer> => {
  const server = await scripted(hang)
  const endpoints = ["introspect", "token", "revoke", "userinfo", "keys"].map(
    (path) => [`/${path}`, json(good)] as const,
  )
  const document = json({ ...metadataOf(server.url), ...change(server.url) })
  server.play(routes({ ...Object.fromEntries(endpoints), "/device": json(device), [metadataPath]: document }))
  return server
}

/** Each operation that asks a discovered endpoint, and that endpoint's name in the document. */
const users: ReadonlyArray<readonly [string, string, (auth: Auth) => Promise<unknown>]> = [
  ["introspect", "introspection_endpoint", (auth) => auth.introspect("token")],
  ["revoke", "revocation_endpoint", (auth) => auth.revoke("token")],
  ["userInfo", "userinfo_endpoint", (auth) => auth.userInfo("token")],
  ["clientCredentials", "token_endpoint", (auth) => auth.clientCredentials()],
  ["refresh", "token_endpoint", (auth) => auth.refresh("token")],
  ["jwtBearer", "token_endpoint", (auth) => auth.jwtBearer("assertion")],
  ["deviceAuthorization", "device_authorization_endpoint", (auth) => auth.deviceAuthorization()],
  ["metadata.keys", "jwks_uri", (auth) => auth.metadata.keys()],
]

describe("the issuer of a discovered document", () => {
  const others: ReadonlyArray<readonly [string, (url: string) => string]> = [
    ["a trailing slash", (url) => `${url}/`],
    ["another case", (url) => url.replace("http", "HTTP")],
    ["another port", (url) => url.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))],
    ["another name of the host", (url) => url.replace("127.0.0.1", "localhost")],
    ["another scheme", (url) => url.replace("http", "https")],
    ["a path", (url) => `${url}/tenant`],
    ["a space after it", (url) => `${url} `],
    ["nothing", () => ""],
  ]

  it.each(others)("is refused when it differs by %s, and its endpoints hear nothing", async (_, change) => {
    await using server = await publishing((url) => ({ issuer: change(url) }))
    await using auth = open(server)
    const reason = { _tag: "UnexpectedResponse", path: "issuer" }
    await expect(auth.metadata.discover()).rejects.toMatchObject({ operation: "metadata.discover", reason })
    for (const [operation, , call] of users) await expect(call(auth)).rejects.toMatchObject({ operation, reason })
    expect(new Set(server.asked.map(({ path }) => path))).toEqual(new Set([metadataPath]))
  })

  it("is compared with a configured trailing slash, too", async () => {
    await using server = await publishing((url) => ({ issuer: url }))
    await using auth = open(server, { issuer: `${server.url}/` })
    await expect(auth.metadata.discover()).rejects.toMatchObject({ reason: { path: "issuer" } })
  })

  it("is accepted when it is the same, byte for byte", async () => {
    await using server = await publishing(() => ({}))
    await using auth = open(server)
    expect(await auth.metadata.discover()).toMatchObject({ issuer: server.url, tokenEndpoint: `${server.url}/token` })
    for (const [, , call] of users) await call(auth)
  })
})

describe.concurrent.each(users)("%s", (operation, member, call) => {
  it("refuses an endpoint on another origin, which hears nothing", async () => {
    await using elsewhere = await scripted(json(good))
    await using server = await publishing(() => ({ [member]: `${elsewhere.url}/stolen` }))
    await using auth = open(server, { insecure: [server.url, elsewhere.url] })
    await expect(call(auth)).rejects.toMatchObject({ operation, reason: { _tag: "UnexpectedResponse" } })
    expect(elsewhere.connections().opened).toBe(0)
    expect(server.asked.map(({ path }) => path)).toEqual([metadataPath])
  })

  it.each(["https://127.0.0.1/", "file:///etc/hostname", "data:application/json,{}", "javascript:1"])(
    "refuses the endpoint %s",
    async (url) => {
      await using server = await publishing(() => ({ [member]: url }))
      await using auth = open(server)
      await expect(call(auth)).rejects.toMatchObject({ reason: { _tag: "UnexpectedResponse" } })
    },
  )

  it("reaches an endpoint that is a query without a path, or says why not", async () => {
    await using server = await publishing((url) => ({ [member]: `${url}?route=x` }))
    await using auth = open(server)
    await expect(call(auth)).rejects.toMatchObject({ _tag: "AuthError" })
  })

  it("says that an endpoint is not published, where it is not", async () => {
    await using server = await publishing(() => ({ [member]: undefined }))
    await using auth = open(server)
    await expect(call(auth)).rejects.toMatchObject({ operation, reason: { _tag: "UnsupportedOperation" } })
  })
})

describe("a document that sends browsers", () => {
  it.each(["javascript:alert(1)", "data:text/html,hello", "http://elsewhere.example/authorize"])(
    "to %s is refused",
    async (url) => {
      await using server = await publishing(() => ({ authorization_endpoint: url, end_session_endpoint: url }))
      await using auth = open(server)
      await expect(auth.authorize({})).rejects.toMatchObject({ reason: { _tag: "UnexpectedResponse" } })
      await expect(auth.session.end()).rejects.toMatchObject({ reason: { _tag: "UnexpectedResponse" } })
    },
  )
})

describe("discovery", () => {
  const failures: ReadonlyArray<readonly [string, Script]> = [
    ["a 503", answer(503)],
    ["a reset", reset],
    ["no answer", hang],
    ["HTML", answer(200, "<p>", asHtml)],
    ["another issuer", json({ issuer: "https://other.example" })],
  ]

  it.each(failures)("that met %s is not remembered: the next call works", async (_, failure) => {
    await using server = await publishing(() => ({}))
    await using auth = open(server)
    const found = json(metadataOf(server.url))
    server.play(routes({ [metadataPath]: inTurn(failure, found), "/introspect": json(good) }))
    await expect(auth.introspect("token")).rejects.toMatchObject({ operation: "introspect" })
    expect(await auth.introspect("token")).toEqual({ active: false })
  })

  it("happens once for 50 calls at once, and not again for the next", async () => {
    await using server = await publishing(() => ({}))
    await using auth = open(server)
    await Promise.all(Array.from({ length: 50 }, (_, index) => users[index % users.length]?.[2](auth)))
    await auth.introspect("token")
    expect(server.asked.filter(({ path }) => path === metadataPath)).toHaveLength(1)
  })

  it("that fails fails all of 50 calls at once, after one request", async () => {
    await using server = await scripted(({ socket }) => void setTimeout(() => socket.resetAndDestroy(), 50))
    await using auth = open(server)
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => auth.introspect("token")))
    expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(50)
    expect(server.asked).toHaveLength(1)
  })
})
