import type { PolarEmulator } from "@latchkey/testing"
import * as Redacted from "effect/Redacted"
import type { Client, NewClient } from "latchkey"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { open, type PolarAuth, reasonOf, start } from "./setup.ts"

const record = {
  name: "Shop",
  redirectUris: ["https://shop.example/cb"],
  scopes: ["openid", "email"],
  tokenEndpointAuthMethod: "none",
  grantTypes: ["authorization_code"],
  extra: { client_uri: "https://shop.example" },
} satisfies NewClient

/** The complete record as Polar's client metadata. */
const wire = {
  client_name: "Shop",
  redirect_uris: ["https://shop.example/cb"],
  scope: "openid email",
  token_endpoint_auth_method: "none",
  grant_types: ["authorization_code"],
  response_types: ["code"],
  client_uri: "https://shop.example",
}

let emulator: PolarEmulator
let auth: PolarAuth
let client: Client
beforeAll(async () => {
  emulator = await start()
  auth = open(emulator)
})
afterAll(async () => {
  await auth.close()
  await emulator.close()
})
beforeEach(async () => {
  client = await auth.clients.create(record)
})

const lastRequest = () => {
  const { method, path, body, headers } = emulator.requests.at(-1) ?? expect.fail("nothing was sent")
  return { method, path, authorization: headers.authorization, body: body === "" ? undefined : JSON.parse(body) }
}
const requestCount = () => emulator.requests.length
const invalid = (field: string) => ({ _tag: "InvalidRequest", field, detail: expect.any(String) })
const clientPath = () => `/v1/oauth2/register/${client.clientId}`
const token = () => `Bearer ${Redacted.value(client.registration?.token ?? expect.fail("no registration token"))}`

describe("registering", () => {
  it("gives the client with its registration token, and no secret for a public client", () => {
    expect(client).toMatchObject({ name: "Shop", scopes: ["openid", "email"], grantTypes: ["authorization_code"] })
    expect(client.secret).toBeUndefined()
    expect(String(client.registration?.token)).toBe("<redacted:read it with Redacted.value of effect/Redacted>")
    expect(JSON.stringify(client)).not.toContain("polar_crt_")
    expect(lastRequest()).toEqual({ method: "POST", path: "/v1/oauth2/register", body: wire, authorization: undefined })
  })

  it("sends Polar's defaults for members that the record leaves out", async () => {
    const made = await auth.registration.register({ name: "Bare", redirectUris: [], scopes: ["openid"] })
    expect(lastRequest().body).toEqual({
      ...{ client_name: "Bare", redirect_uris: [], scope: "openid", response_types: ["code"] },
      ...{ grant_types: ["authorization_code", "refresh_token"], token_endpoint_auth_method: "client_secret_post" },
    })
    expect(String(made.secret)).toBe("<redacted:read it with Redacted.value of effect/Redacted>")
  })
})

const fullRecordCalls = [
  ["clients.create", () => (more: object) => auth.clients.create({ ...record, ...more })],
  ["clients.replace", () => (more: object) => auth.clients.replace({ client, record: { ...record, ...more } })],
  ["registration.register", () => (more: object) => auth.registration.register({ ...record, ...more })],
  ["registration.update", () => (more: object) => auth.registration.update({ client, record: { ...record, ...more } })],
] as const

describe.each(fullRecordCalls)("%s", (_, make) => {
  it.each([
    ["scopes", { scopes: undefined }],
    ["scopes", { scopes: [] }],
    ["name", { name: undefined }],
    ["tokenEndpointAuthMethod", { tokenEndpointAuthMethod: "private_key_jwt" }],
    ["audience", { audience: ["https://api.example"] }],
    ["postLogoutRedirectUris", { postLogoutRedirectUris: ["https://shop.example/out"] }],
    ["jwksUri", { jwksUri: "https://shop.example/jwks" }],
    ["secret", { secret: "of my own" }],
    ["metadata", { metadata: { a: 1 } }],
    ["extra.contacts", { extra: { contacts: ["a@example.com"] } }],
    ["extra.default_sub_type", { extra: { default_sub_type: "organization" } }],
  ])("rejects a record for its %s before a request is sent: %j", async (field, more) => {
    const before = requestCount()
    expect(await reasonOf(make()(more))).toEqual(invalid(field))
    expect(requestCount()).toBe(before)
  })

  it("sends every member, and in a PUT the id and the registration token", async () => {
    const saved = await make()({ name: "Store" })
    const { method, body, authorization } = lastRequest()
    const isPut = method === "PUT"
    expect(body).toEqual({ ...wire, client_name: "Store", ...(isPut && { client_id: client.clientId }) })
    expect(authorization).toBe(isPut ? token() : undefined)
    expect(saved).toMatchObject({ name: "Store", tokenEndpointAuthMethod: "none", scopes: ["openid", "email"] })
    // The returned client works for the next call.
    expect((await auth.clients.get(saved)).name).toBe("Store")
  })
})

describe("a change of a client of Polar", () => {
  it("names a member that cannot be cleared, and changes nothing", async () => {
    const { extra: _, ...without } = record
    for (const call of [
      () => auth.clients.replace({ client, record: { ...without, name: "Store" } }),
      () => auth.clients.patch({ client, changes: { name: "Store", extra: { client_uri: null } } }),
    ]) {
      expect(await reasonOf(call())).toEqual(invalid("extra.client_uri"))
      expect(lastRequest().method).toBe("GET")
    }
    expect(await auth.clients.get(client)).toMatchObject({ name: "Shop", raw: { client_uri: "https://shop.example" } })
  })

  it("reads, merges and sends every member in a patch, and keeps the authentication method and the scopes", async () => {
    const before = requestCount()
    const patched = await auth.clients.patch({ client, changes: { name: "Store" } })
    expect(emulator.requests.slice(before).map(({ method }) => method)).toEqual(["GET", "PUT"])
    expect(lastRequest()).toEqual({
      ...{ method: "PUT", path: clientPath(), authorization: token() },
      body: { ...wire, client_name: "Store", client_id: client.clientId },
    })
    expect(patched).toMatchObject({ tokenEndpointAuthMethod: "none", scopes: ["openid", "email"] })
  })

  it("restores Polar's default for null in a patch, except for name and scopes", async () => {
    const before = requestCount()
    for (const field of ["scopes", "name"] as const)
      expect(await reasonOf(auth.clients.patch({ client, changes: { [field]: null } }))).toEqual(invalid(field))
    expect(await reasonOf(auth.clients.patch({ client, changes: { scopes: [] } }))).toEqual(invalid("scopes"))
    const unsupported = { audience: ["https://api.example"] }
    expect(await reasonOf(auth.clients.patch({ client, changes: unsupported }))).toEqual(invalid("audience"))
    expect(requestCount()).toBe(before)
    const patched = await auth.clients.patch({ client, changes: { redirectUris: null, grantTypes: null } })
    expect(patched.redirectUris).toEqual([])
    expect(patched.grantTypes).toEqual(["authorization_code", "refresh_token"])
  })

  it.each([
    ["scopes", { scope: "openid email orders:read" }],
    ["tokenEndpointAuthMethod", { token_endpoint_auth_method: "client_secret_post" }],
    ["name", { client_name: "Shop" }],
    ["redirectUris", { redirect_uris: [] }],
    ["grantTypes", { grant_types: ["authorization_code", "refresh_token"] }],
    ["responseTypes", { response_types: [] }],
    ["extra.client_uri", { client_uri: "https://elsewhere.example" }],
  ])("names the member that came back different: %s", async (field, difference) => {
    const returned = { ...wire, client_name: "Store", client_id: client.clientId, ...difference }
    for (const call of [
      () => auth.clients.replace({ client, record: { ...record, responseTypes: ["code"], name: "Store" } }),
      () => auth.clients.patch({ client, changes: { name: "Store" } }),
    ]) {
      emulator.faults.add({
        method: "PUT",
        path: clientPath(),
        fault: {
          kind: "status",
          status: 200,
          headers: { "content-type": "application/json" },
          body: JSON.stringify(returned),
        },
      })
      expect(await reasonOf(call())).toEqual(invalid(field))
    }
  })

  it("accepts a redirect URI that came back normalised", async () => {
    const redirectUris = ["https://shop.example", "myapp://callback"]
    const replaced = await auth.clients.replace({ client, record: { ...record, redirectUris } })
    expect(replaced.redirectUris[0]).toBe("https://shop.example/")
  })
})
