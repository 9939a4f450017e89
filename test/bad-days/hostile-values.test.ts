import { createAuth } from "latchkey"
import { describe, expect, it } from "vitest"
import { metadataOf, oidcAt, oryAt } from "./providers.ts"
import { type Script, scripted } from "./scripted-server.ts"
import { json, respond } from "./scripts.ts"

const oidcOn = async (script: Script) => {
  const server = await scripted(script)
  const auth = createAuth(oidcAt(server.url))
  return { server, auth, [Symbol.asyncDispose]: () => Promise.all([auth.close(), server.close()]).then(() => {}) }
}

const oryOn = async (script: Script) => {
  const server = await scripted(script)
  const auth = createAuth(oryAt(server.url))
  return { server, auth, [Symbol.asyncDispose]: () => Promise.all([auth.close(), server.close()]).then(() => {}) }
}

const unexpected = { _tag: "AuthError", reason: { _tag: "UnexpectedResponse" } }

/** The JSON of an object and of one more member, which is given as JSON text. */
const withMember = (value: object, member: string) => JSON.stringify(value).replace(/\}$/, `,${member}}`)
const poison = '"__proto__":{"poisoned":true,"skip":true},"constructor":{"prototype":{"poisoned":true}}'
const deep = `"deep":${"[".repeat(20_000)}${"]".repeat(20_000)}`

describe("a time outside the range of Date", () => {
  it.each(["1e300", "9e15", "8.7e15"])("makes a token response invalid when `expires_in` is %s", async (seconds) => {
    const raw = withMember({ access_token: "a", token_type: "bearer" }, `"expires_in":${seconds}`)
    await using oidc = await oidcOn(respond(200, raw))
    await expect(oidc.auth.clientCredentials()).rejects.toMatchObject(unexpected)
  })

  it.each(["1e300", "9e15"])(
    "makes a device authorization response invalid when `expires_in` is %s",
    async (seconds) => {
      const raw = withMember(
        { device_code: "a", user_code: "b", verification_uri: "https://a.example" },
        `"expires_in":${seconds}`,
      )
      await using oidc = await oidcOn(respond(200, raw))
      await expect(oidc.auth.deviceAuthorization()).rejects.toMatchObject(unexpected)
    },
  )

  it("is left out when it is informational", async () => {
    await using oidc = await oidcOn(respond(200, withMember({ sub: "a" }, '"updated_at":1e300')))
    expect(await oidc.auth.userInfo("token")).not.toHaveProperty("updatedAt")
    const client = { client_id: "a", metadata: {}, created_at: "+275760-09-13T00:00:00.001Z", updated_at: "soon" }
    await using ory = await oryOn(json(client))
    const result = await ory.auth.clients.get("a")
    expect(result).not.toHaveProperty("createdAt")
    expect(result).not.toHaveProperty("updatedAt")
  })
})

describe("members named __proto__ and constructor", () => {
  const clean = (...values: ReadonlyArray<object>) => {
    expect({}).not.toHaveProperty("poisoned")
    for (const value of values) {
      expect("poisoned" in value).toBe(false)
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    }
  }

  it("change nothing in metadata", async () => {
    await using oidc = await oidcOn(({ socket, ...request }) =>
      respond(200, withMember(metadataOf(`http://${request.headers.host}`), poison))({ socket, ...request }),
    )
    const metadata = await oidc.auth.metadata.discover()
    clean(metadata, metadata.raw)
  })

  it("change nothing in a key", async () => {
    const key = withMember({ kty: "EC", kid: "1" }, poison)
    await using oidc = await oidcOn(respond(200, `{"keys":[${key}]}`))
    const { keys } = await oidc.auth.metadata.keys()
    clean(...keys)
  })

  it("change nothing in a client", async () => {
    await using ory = await oryOn(respond(200, withMember({ client_id: "a", metadata: {} }, poison)))
    const client = await ory.auth.clients.get("a")
    clean(client, client.raw, client.metadata)
  })

  it("change nothing in a login request, and do not replace a missing `skip`", async () => {
    const request = { challenge: "a", client: { client_id: "a", metadata: {} }, request_url: "https://a.example" }
    await using ory = await oryOn(respond(200, withMember({ ...request, skip: false }, poison)))
    const login = await ory.auth.consent.getLogin("a")
    clean(login)
    expect(login).toMatchObject({ handled: false, skip: false })
    ory.server.play(respond(200, withMember(request, poison)))
    await expect(ory.auth.consent.getLogin("a")).rejects.toMatchObject(unexpected)
  })

  it("change nothing in a user", async () => {
    await using oidc = await oidcOn(respond(200, withMember({ sub: "a", address: {} }, poison)))
    const user = await oidc.auth.userInfo("token")
    clean(user)
    expect({ ...user.claims }).not.toHaveProperty("email")
  })
})

describe("an unused member nested 20 000 levels deep", () => {
  it("does not prevent reading the response", async () => {
    await using oidc = await oidcOn(
      respond(200, withMember({ active: true, token_use: "access_token", sub: "a" }, deep)),
    )
    expect(await oidc.auth.introspect("token")).toMatchObject({ active: true, subject: "a" })
    expect(await oidc.auth.userInfo("token")).toMatchObject({ subject: "a" })
    await using ory = await oryOn(respond(200, withMember({ client_id: "a", metadata: {} }, deep)))
    expect(await ory.auth.clients.get("a")).toMatchObject({ clientId: "a" })
  })

  it("does not break the comparison of a client with the record that was sent", async () => {
    await using ory = await oryOn(
      respond(200, withMember({ client_id: "a", metadata: {} }, `"jwks":{${deep},"keys":[]}`)),
    )
    const replaced = ory.auth.clients.replace({ client: "a", record: { name: "b", scopes: ["x"] } })
    await expect(replaced).rejects.toMatchObject({ reason: { _tag: "InvalidRequest", field: "name" } })
    const metadata = `{"client_id":"a","metadata":{${deep}}}`
    ory.server.play(respond(200, metadata))
    const sent = ory.auth.clients.replace({ client: "a", record: { metadata: { a: 1 }, scopes: ["x"] } })
    await expect(sent).rejects.toMatchObject({ _tag: "AuthError", operation: "clients.replace" })
  })
})

describe("members that a vendor omits", () => {
  it("do not make a client invalid", async () => {
    await using ory = await oryOn(json({ client_id: "a" }))
    expect(await ory.auth.clients.get("a")).toMatchObject({ clientId: "a", metadata: {}, scopes: [], redirectUris: [] })
  })

  it("do not make a consent request invalid", async () => {
    const request = { challenge: "a", client: { client_id: "a", metadata: {} }, request_url: "https://a.example" }
    await using ory = await oryOn(json(request))
    const consent = await ory.auth.consent.getConsent("a")
    expect(consent).toMatchObject({ handled: false, skip: false, requestedScopes: [] })
    expect(consent).not.toHaveProperty("context")
  })
})

describe("malformed Unicode", () => {
  it("is passed through in a string, and gives an UnexpectedResponse for a body that is not UTF-8", async () => {
    await using oidc = await oidcOn(respond(200, '{"sub":"\\ud800","name":"a\\u0000b"}'))
    expect(await oidc.auth.userInfo("token")).toMatchObject({ subject: "\ud800" })
    oidc.server.play(({ socket }) => {
      const body = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])
      socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`)
      socket.write(body)
    })
    await expect(oidc.auth.introspect("token")).rejects.toMatchObject(unexpected)
  })
})
