import { createAuth } from "latchkey"
import { describe, expect, it } from "vitest"
import { discoveredAt, metadataOf, metadataPath } from "./providers.ts"
import { type Script, type ScriptedServer, scripted } from "./scripted-server.ts"
import { asHtml, hang, inTurn, json, reset, respond, routes } from "./scripts.ts"

const open = (server: ScriptedServer, more: Parameters<typeof discoveredAt>[1] = {}) =>
  createAuth(discoveredAt(server.url, { attemptTimeout: "300 millis", ...more }))
type Auth = ReturnType<typeof open>

const validBody = {
  ...{ access_token: "a", token_type: "bearer", issued_token_type: "urn:ietf:params:oauth:token-type:access_token" },
  ...{ active: false, sub: "somebody", keys: [] },
}
const deviceBody = { device_code: "a", user_code: "b", verification_uri: "https://a.example", expires_in: 60 }

/** A server whose metadata document is modified by `change`. */
const publishing = async (change: (url: string) => object): Promise<ScriptedServer> => {
  const server = await scripted(hang)
  const endpoints = ["introspect", "token", "revoke", "userinfo", "keys"].map(
    (path) => [`/${path}`, json(validBody)] as const,
  )
  const document = json({ ...metadataOf(server.url), ...change(server.url) })
  server.play(routes({ ...Object.fromEntries(endpoints), "/device": json(deviceBody), [metadataPath]: document }))
  return server
}

/** Each operation that uses a discovered endpoint, and the endpoint's name in the metadata document. */
const operations: ReadonlyArray<readonly [string, string, (auth: Auth) => Promise<unknown>]> = [
  ["introspect", "introspection_endpoint", (auth) => auth.introspect("token")],
  ["revoke", "revocation_endpoint", (auth) => auth.revoke("token")],
  ["userInfo", "userinfo_endpoint", (auth) => auth.userInfo("token")],
  ["clientCredentials", "token_endpoint", (auth) => auth.clientCredentials()],
  ["refresh", "token_endpoint", (auth) => auth.refresh("token")],
  ["jwtBearer", "token_endpoint", (auth) => auth.jwtBearer("assertion")],
  [
    "exchangeToken",
    "token_endpoint",
    (auth) => auth.exchangeToken({ subjectToken: "token", subjectTokenType: "access_token" }),
  ],
  ["deviceAuthorization", "device_authorization_endpoint", (auth) => auth.deviceAuthorization()],
  ["metadata.keys", "jwks_uri", (auth) => auth.metadata.keys()],
]

describe("the issuer of a metadata document", () => {
  const otherIssuers: ReadonlyArray<readonly [string, (url: string) => string]> = [
    ["a trailing slash", (url) => `${url}/`],
    ["letter case", (url) => url.replace("http", "HTTP")],
    ["the port", (url) => url.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))],
    ["the host name", (url) => url.replace("127.0.0.1", "localhost")],
    ["the scheme", (url) => url.replace("http", "https")],
    ["a path", (url) => `${url}/tenant`],
    ["a trailing space", (url) => `${url} `],
    ["being empty", () => ""],
  ]

  it.each(otherIssuers)("is rejected when it differs by %s, and no endpoint receives a request", async (_, change) => {
    await using server = await publishing((url) => ({ issuer: change(url) }))
    await using auth = open(server)
    const reason = { _tag: "UnexpectedResponse", path: "issuer" }
    await expect(auth.metadata.discover()).rejects.toMatchObject({ operation: "metadata.discover", reason })
    for (const [operation, , call] of operations) await expect(call(auth)).rejects.toMatchObject({ operation, reason })
    expect(new Set(server.requests.map(({ path }) => path))).toEqual(new Set([metadataPath]))
  })

  it("is rejected when only the configured issuer has a trailing slash", async () => {
    await using server = await publishing((url) => ({ issuer: url }))
    await using auth = open(server, { issuer: `${server.url}/` })
    await expect(auth.metadata.discover()).rejects.toMatchObject({ reason: { path: "issuer" } })
  })

  it("is accepted when it equals the configured issuer exactly", async () => {
    await using server = await publishing(() => ({}))
    await using auth = open(server)
    expect(await auth.metadata.discover()).toMatchObject({ issuer: server.url, tokenEndpoint: `${server.url}/token` })
    for (const [, , call] of operations) await call(auth)
  })
})

describe.concurrent.each(operations)("%s", (operation, member, call) => {
  it("rejects an endpoint on another origin and sends it no request", async () => {
    await using otherOrigin = await scripted(json(validBody))
    await using server = await publishing(() => ({ [member]: `${otherOrigin.url}/stolen` }))
    await using auth = open(server, { insecureOrigins: [server.url, otherOrigin.url] })
    await expect(call(auth)).rejects.toMatchObject({ operation, reason: { _tag: "UnexpectedResponse" } })
    expect(otherOrigin.connections().opened).toBe(0)
    expect(server.requests.map(({ path }) => path)).toEqual([metadataPath])
  })

  it.each(["https://127.0.0.1/", "file:///etc/hostname", "data:application/json,{}", "javascript:1"])(
    "rejects the endpoint %s",
    async (url) => {
      await using server = await publishing(() => ({ [member]: url }))
      await using auth = open(server)
      await expect(call(auth)).rejects.toMatchObject({ reason: { _tag: "UnexpectedResponse" } })
    },
  )

  it("rejects with an AuthError when the endpoint has a query and no path", async () => {
    await using server = await publishing((url) => ({ [member]: `${url}?route=x` }))
    await using auth = open(server)
    await expect(call(auth)).rejects.toMatchObject({ _tag: "AuthError" })
  })

  it("is unsupported when the metadata document omits the endpoint", async () => {
    await using server = await publishing(() => ({ [member]: undefined }))
    await using auth = open(server)
    await expect(call(auth)).rejects.toMatchObject({ operation, reason: { _tag: "UnsupportedOperation" } })
  })
})

describe("a metadata document", () => {
  it.each(["javascript:alert(1)", "data:text/html,hello", "http://elsewhere.example/authorize"])(
    "is rejected when its browser endpoints are %s",
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
    ["a 503", respond(503)],
    ["a reset", reset],
    ["a timeout", hang],
    ["an HTML page", respond(200, "<p>", asHtml)],
    ["another issuer", json({ issuer: "https://other.example" })],
  ]

  it.each(failures)("is repeated by the next call after it failed with %s", async (_, failure) => {
    await using server = await publishing(() => ({}))
    await using auth = open(server)
    const validMetadata = json(metadataOf(server.url))
    server.play(routes({ [metadataPath]: inTurn(failure, validMetadata), "/introspect": json(validBody) }))
    await expect(auth.introspect("token")).rejects.toMatchObject({ operation: "introspect" })
    expect(await auth.introspect("token")).toEqual({ active: false })
  })

  it("sends one request for 50 concurrent calls and a later one", async () => {
    await using server = await publishing(() => ({}))
    await using auth = open(server)
    await Promise.all(Array.from({ length: 50 }, (_, index) => operations[index % operations.length]?.[2](auth)))
    await auth.introspect("token")
    expect(server.requests.filter(({ path }) => path === metadataPath)).toHaveLength(1)
  })

  it("that fails rejects 50 concurrent calls after one request", async () => {
    await using server = await scripted(({ socket }) => void setTimeout(() => socket.resetAndDestroy(), 50))
    await using auth = open(server)
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => auth.introspect("token")))
    expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(50)
    expect(server.requests).toHaveLength(1)
  })
})
