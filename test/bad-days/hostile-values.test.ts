import { createAuth } from "latchkey"
import { describe, expect, it } from "vitest"
import { metadataOf, oidcAt, oryAt } from "./providers.ts"
import { type Script, scripted } from "./scripted-server.ts"
import { answer, json } from "./scripts.ts"

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

/** The text of an object with one member more, as only JSON can write it. */
const withMember = (value: object, member: string) => JSON.stringify(value).replace(/\}$/, `,${member}}`)
const poison = '"__proto__":{"poisoned":true,"skip":true},"constructor":{"prototype":{"poisoned":true}}'
const deep = `"deep":${"[".repeat(20_000)}${"]".repeat(20_000)}`

describe("a lifetime that no date can hold", () => {
  it.each(["1e300", "9e15", "8.7e15"])("of %s seconds, in a token answer, is no answer", async (seconds) => {
    const raw = withMember({ access_token: "a", token_type: "bearer" }, `"expires_in":${seconds}`)
    await using bad = await oidcOn(answer(200, raw))
    await expect(bad.auth.clientCredentials()).rejects.toMatchObject(unexpected)
  })

  it.each(["1e300", "9e15"])("of %s seconds, for a device, is no answer", async (seconds) => {
    const raw = withMember(
      { device_code: "a", user_code: "b", verification_uri: "https://a.example" },
      `"expires_in":${seconds}`,
    )
    await using bad = await oidcOn(answer(200, raw))
    await expect(bad.auth.deviceAuthorization()).rejects.toMatchObject(unexpected)
  })

  it("is left out where it only informs", async () => {
    await using bad = await oidcOn(answer(200, withMember({ sub: "a" }, '"updated_at":1e300')))
    expect(await bad.auth.userInfo("token")).not.toHaveProperty("updatedAt")
    const client = { client_id: "a", metadata: {}, created_at: "+275760-09-13T00:00:00.001Z", updated_at: "soon" }
    await using ory = await oryOn(json(client))
    const found = await ory.auth.clients.get("a")
    expect(found).not.toHaveProperty("createdAt")
    expect(found).not.toHaveProperty("updatedAt")
  })
})

describe("members named for a prototype", () => {
  const clean = (...values: ReadonlyArray<object>) => {
    expect({}).not.toHaveProperty("poisoned")
    for (const value of values) {
      expect("poisoned" in value).toBe(false)
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    }
  }

  it("change nothing in metadata", async () => {
    await using bad = await oidcOn(({ socket, ...asked }) =>
      answer(200, withMember(metadataOf(`http://${asked.headers.host}`), poison))({ socket, ...asked }),
    )
    const metadata = await bad.auth.metadata.discover()
    clean(metadata, metadata.raw)
  })

  it("change nothing in a key", async () => {
    const key = withMember({ kty: "EC", kid: "1" }, poison)
    await using bad = await oidcOn(answer(200, `{"keys":[${key}]}`))
    const { keys } = await bad.auth.metadata.keys()
    clean(...keys)
  })

  it("change nothing in a client", async () => {
    await using bad = await oryOn(answer(200, withMember({ client_id: "a", metadata: {} }, poison)))
    const client = await bad.auth.clients.get("a")
    clean(client, client.raw, client.metadata)
  })

  it("change nothing in a login request, whose user is not known", async () => {
    const request = { challenge: "a", client: { client_id: "a", metadata: {} }, request_url: "https://a.example" }
    await using bad = await oryOn(answer(200, withMember({ ...request, skip: false }, poison)))
    const found = await bad.auth.consent.getLogin("a")
    clean(found)
    expect(found).toMatchObject({ handled: false, skip: false })
    bad.server.play(answer(200, withMember(request, poison)))
    await expect(bad.auth.consent.getLogin("a")).rejects.toMatchObject(unexpected)
  })

  it("change nothing in a user", async () => {
    await using bad = await oidcOn(answer(200, withMember({ sub: "a", address: {} }, poison)))
    const user = await bad.auth.userInfo("token")
    clean(user)
    expect({ ...user.claims }).not.toHaveProperty("email")
  })
})

describe("JSON nested 20 000 deep, beside what is asked for", () => {
  it("harms nobody who does not look at it", async () => {
    await using bad = await oidcOn(answer(200, withMember({ active: true, token_use: "access_token", sub: "a" }, deep)))
    expect(await bad.auth.introspect("token")).toMatchObject({ active: true, subject: "a" })
    expect(await bad.auth.userInfo("token")).toMatchObject({ subject: "a" })
    await using ory = await oryOn(answer(200, withMember({ client_id: "a", metadata: {} }, deep)))
    expect(await ory.auth.clients.get("a")).toMatchObject({ clientId: "a" })
  })

  it("harms no comparison of a client with what was sent", async () => {
    await using ory = await oryOn(
      answer(200, withMember({ client_id: "a", metadata: {} }, `"jwks":{${deep},"keys":[]}`)),
    )
    const replaced = ory.auth.clients.replace({ client: "a", record: { name: "b", scopes: ["x"] } })
    await expect(replaced).rejects.toMatchObject({ reason: { _tag: "InvalidRequest", field: "name" } })
    const metadata = `{"client_id":"a","metadata":{${deep}}}`
    ory.server.play(answer(200, metadata))
    const sent = ory.auth.clients.replace({ client: "a", record: { metadata: { a: 1 }, scopes: ["x"] } })
    await expect(sent).rejects.toMatchObject({ _tag: "AuthError", operation: "clients.replace" })
  })
})

describe("members that a vendor leaves out", () => {
  it("are no reason to refuse a client", async () => {
    await using ory = await oryOn(json({ client_id: "a" }))
    expect(await ory.auth.clients.get("a")).toMatchObject({ clientId: "a", metadata: {}, scopes: [], redirectUris: [] })
  })

  it("are no reason to refuse a consent request", async () => {
    const request = { challenge: "a", client: { client_id: "a", metadata: {} }, request_url: "https://a.example" }
    await using ory = await oryOn(json(request))
    const found = await ory.auth.consent.getConsent("a")
    expect(found).toMatchObject({ handled: false, skip: false, requestedScopes: [] })
    expect(found).not.toHaveProperty("context")
  })
})

describe("text that is no well-formed Unicode", () => {
  it("is refused or carried, and breaks nothing", async () => {
    await using bad = await oidcOn(answer(200, '{"sub":"\\ud800","name":"a\\u0000b"}'))
    expect(await bad.auth.userInfo("token")).toMatchObject({ subject: "\ud800" })
    bad.server.play(({ socket }) => {
      const body = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])
      socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`)
      socket.write(body)
    })
    await expect(bad.auth.introspect("token")).rejects.toMatchObject(unexpected)
  })
})
