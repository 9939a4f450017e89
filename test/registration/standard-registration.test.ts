/** Dynamic registration on a standard server: which URL and token are used, and what is rejected. */

import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Client } from "latchkey"
import { describe, expect, it } from "vitest"
import { json, reasonOf, type Step } from "../unit/scripted-transport.ts"
import { configuration, issuer, open as openStandard } from "../unit/standard-server.ts"

const registrationEndpoint = `${issuer}/connect/register`
const record = { name: "self", redirectUris: ["https://app.example/cb"] }
const created = {
  client_id: "new client",
  client_name: "self",
  redirect_uris: record.redirectUris,
  client_secret: "s3cr3t-of-new",
  registration_access_token: "token-1",
  registration_client_uri: `${issuer}/connect/register?client=4711`,
}

const open = (script: ReadonlyArray<Step>, change: Parameters<typeof openStandard>[1] = {}) =>
  openStandard(script, { endpoints: { ...configuration.endpoints, registrationEndpoint }, ...change })

const registered = (uri: string = created.registration_client_uri, token = "token-1"): Client => ({
  ...{ clientId: "new client", redirectUris: [], postLogoutRedirectUris: [], grantTypes: [], responseTypes: [] },
  ...{ scopes: [], audience: [], metadata: {}, raw: {} },
  registration: { token: Redacted.make(token), uri: Redacted.make(uri) },
})

const uriOf = (client: Client) => client.registration && Redacted.value(client.registration.uri)
const tokenOf = (client: Client) => client.registration && Redacted.value(client.registration.token)

describe("a registration", () => {
  it("is sent without credentials, and with the initial access token if there is one", async () => {
    for (const [change, authorization] of [
      [{}, undefined],
      [{ initialAccessToken: "let me in" }, "Bearer let me in"],
      [{ initialAccessToken: Redacted.make("let me in") }, "Bearer let me in"],
    ] as const) {
      const { auth, transport } = open([json(created, 201)], change)
      const client = await Effect.runPromise(auth.registration.register(record))
      expect(transport.requests[0]).toMatchObject({ method: "POST", url: registrationEndpoint })
      expect(transport.requests[0]?.headers.authorization).toBe(authorization)
      expect(JSON.parse(transport.requests[0]?.body ?? "")).toEqual({
        client_name: "self",
        redirect_uris: record.redirectUris,
      })
      expect(client.secret && Redacted.value(client.secret)).toBe("s3cr3t-of-new")
      expect([uriOf(client), tokenOf(client)]).toEqual([created.registration_client_uri, "token-1"])
    }
  })

  it("with a wrong initial access token is InvalidClient, and the error does not hold the token", async () => {
    const words = { error: "invalid_token", error_description: "no such token: let-me-in-7f3a" }
    const { auth } = open([json(words, 401)], { initialAccessToken: "let-me-in-7f3a" })
    const reason = await reasonOf(auth.registration.register(record))
    expect(reason).toMatchObject({ _tag: "InvalidClient", code: "invalid_token" })
    expect(JSON.stringify(reason)).not.toContain("7f3a")
  })

  it("names the redirect URIs as the wrong member, by the code of RFC 7591", async () => {
    const { auth } = open([json({ error: "invalid_redirect_uri", error_description: "no fragments, please" }, 400)])
    expect(await reasonOf(auth.registration.register(record))).toMatchObject({
      _tag: "InvalidRequest",
      code: "invalid_redirect_uri",
      field: "redirectUris",
    })
  })

  it.each([
    ["secret", { secret: "chosen by the client" }],
    ["audience", { audience: ["https://api.example"] }],
    ["metadata", { metadata: { team: "orders" } }],
    ["extra.client_id", { extra: { client_id: "chosen" } }],
    ["extra.client_secret", { extra: { client_secret: "chosen" } }],
    ["extra.registration_access_token", { extra: { registration_access_token: "chosen" } }],
    ["extra.redirect_uris", { extra: { redirect_uris: [] } }],
    ["extra.scope", { extra: { scope: "admin" } }],
  ])("with %s is rejected before anything is sent, by a register and an update", async (field, members) => {
    const { auth, transport } = open([])
    for (const call of [
      auth.registration.register({ ...record, ...members }),
      auth.registration.update({ client: registered(), record: { ...record, ...members } }),
    ])
      expect(await reasonOf(call)).toMatchObject({ _tag: "InvalidRequest", field, detail: expect.any(String) })
    expect(transport.requests).toEqual([])
  })

  it("sends the members that a server documents beyond RFC 7591", async () => {
    const { auth, transport } = open([json(created, 201)])
    await Effect.runPromise(
      auth.registration.register({ ...record, extra: { application_type: "native", audience: "x" } }),
    )
    expect(JSON.parse(transport.requests[0]?.body ?? "")).toMatchObject({ application_type: "native", audience: "x" })
  })

  it("of a server without a registration endpoint is UnsupportedOperation, for each of the four", async () => {
    const document = { issuer, token_endpoint: `${issuer}/token` }
    const { auth } = open([json(document)], { endpoints: configuration.endpoints })
    for (const call of [
      auth.registration.register(record),
      auth.registration.read(registered()),
      auth.registration.update({ client: registered(), record }),
      auth.registration.remove(registered()),
    ])
      expect(await reasonOf(call)).toMatchObject({
        _tag: "UnsupportedOperation",
        standard: expect.stringContaining("RFC 759"),
        instead: expect.stringContaining("registrationEndpoint"),
      })
  })
})

describe("the URL of a client's registration", () => {
  it("is the one that the server issued, and the token is sent to it", async () => {
    const uri = `${issuer}/connect/register?client=new+client`
    const issued = { ...created, registration_client_uri: uri }
    const { auth, transport } = open([json(issued), json(issued), { status: 204, headers: {}, body: "" }])
    const client = registered(uri)
    await Effect.runPromise(auth.registration.read(client))
    await Effect.runPromise(auth.registration.update({ client, record }))
    await Effect.runPromise(auth.registration.remove(client))
    expect(transport.requests.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual(
      ["GET", "PUT", "DELETE"].map((method) => [method, uri, "Bearer token-1"]),
    )
  })

  it.each([
    "https://id.example/connect/register/new%20client",
    "https://id.example/connect/register/new%20client/manage",
    "https://id.example/connect/register?client_id=new%20client",
  ])("names its client, so that a change is one request: %s", async (uri) => {
    const { auth, transport } = open([{ status: 204, headers: {}, body: "" }])
    await Effect.runPromise(auth.registration.remove(registered(uri)))
    expect(transport.requests.map(({ method, url }) => [method, url])).toEqual([["DELETE", uri]])
  })

  it.each([created.registration_client_uri, "https://id.example/connect/register/new%20client2"])(
    "may not name its client: %s is read before a change, with the token that the read issues",
    async (uri) => {
      const rotated = { ...created, registration_client_uri: uri, registration_access_token: "token-2" }
      const { auth, transport } = open([
        json(rotated),
        json(created),
        json(rotated),
        { status: 204, headers: {}, body: "" },
      ])
      await Effect.runPromise(auth.registration.update({ client: registered(uri), record }))
      await Effect.runPromise(auth.registration.remove(registered(uri)))
      expect(transport.requests.map(({ method, headers }) => [method, headers.authorization])).toEqual([
        ...[
          ["GET", "Bearer token-1"],
          ["PUT", "Bearer token-2"],
        ],
        ...[
          ["GET", "Bearer token-1"],
          ["DELETE", "Bearer token-2"],
        ],
      ])
    },
  )

  it("that is another client's is InvalidToken, and nothing is changed", async () => {
    const another = json({ ...created, client_id: "another" })
    const { auth, transport } = open([another, another])
    const uri = "https://id.example/connect/register/another"
    expect(await reasonOf(auth.registration.update({ client: registered(uri), record }))).toMatchObject({
      ...{ _tag: "InvalidToken", detail: "the registration is that of another client" },
    })
    expect(await reasonOf(auth.registration.remove(registered(uri)))).toMatchObject({ _tag: "InvalidToken" })
    expect(transport.requests.map(({ method }) => method)).toEqual(["GET", "GET"])
  })

  it("is made from the id if the server issued none", async () => {
    const { registration_client_uri: _, ...withoutUri } = created
    const { auth, transport } = open([json(withoutUri, 201), json(withoutUri)])
    const client = await Effect.runPromise(auth.registration.register(record))
    await Effect.runPromise(auth.registration.read(client))
    for (const url of [uriOf(client), transport.requests[1]?.url])
      expect(url).toBe(`${registrationEndpoint}/new%20client`)
  })

  it.each([
    "https://evil.example/register",
    "http://id.example/connect/register",
    "https://id.example:8443/register",
    "https://id.example@evil.example/register",
    "javascript:alert(1)",
    "/connect/register/1",
  ])("on another origin, %s, gets no token, for each of the three", async (uri) => {
    const { auth, transport } = open([])
    for (const call of [
      auth.registration.read(registered(uri)),
      auth.registration.update({ client: registered(uri), record }),
      auth.registration.remove(registered(uri)),
    ])
      expect(await reasonOf(call)).toMatchObject({
        _tag: "InvalidRequest",
        field: "registration.uri",
        detail: expect.stringContaining("https://id.example"),
      })
    expect(transport.requests).toEqual([])
  })

  it("may be on an origin that is listed in token.origins", async () => {
    const { auth, transport } = open([json(created)], { token: { origins: ["https://clients.example"] } })
    await Effect.runPromise(auth.registration.read(registered("https://clients.example/1")))
    expect(transport.requests[0]?.url).toBe("https://clients.example/1")
  })

  it("and its token follow a rotation, and stay if the response has none", async () => {
    const rotated = { registration_access_token: "token-2", registration_client_uri: `${issuer}/connect/register?v=2` }
    const { registration_access_token: _token, registration_client_uri: _uri, ...bare } = created
    const { auth } = open([json(created), json({ ...created, ...rotated }), json(bare)])
    const first = await Effect.runPromise(auth.registration.update({ client: registered(), record }))
    expect([uriOf(first), tokenOf(first)]).toEqual([rotated.registration_client_uri, "token-2"])
    const second = await Effect.runPromise(auth.registration.read(first))
    expect([uriOf(second), tokenOf(second)]).toEqual([rotated.registration_client_uri, "token-2"])
  })

  it("is the one that a read issues, from then on", async () => {
    const moved = `${issuer}/connect/register?moved`
    const { auth } = open([json({ ...created, registration_client_uri: moved })])
    expect(uriOf(await Effect.runPromise(auth.registration.read(registered())))).toBe(moved)
  })

  it("that is another client's is InvalidToken", async () => {
    const { auth } = open([json({ ...created, client_id: "another" })])
    expect(await reasonOf(auth.registration.read(registered()))).toMatchObject({ _tag: "InvalidToken" })
  })

  it("of a client that was removed is InvalidToken", async () => {
    const { auth } = open([json({ error: "invalid_token" }, 401)])
    expect(await reasonOf(auth.registration.read(registered()))).toMatchObject({ _tag: "InvalidToken" })
  })
})
