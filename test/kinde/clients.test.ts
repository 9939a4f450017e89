import * as Redacted from "effect/Redacted"
import type { NewClient } from "latchkey"
import type { KindeEmulator } from "@latchkey/testing"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type KindeAuth, open, reasonOf, startTenant, unknownId, web } from "./tenant.ts"

let emulator: KindeEmulator
let auth: KindeAuth
beforeEach(async () => {
  emulator = await startTenant()
  auth = open(emulator)
})
afterEach(async () => {
  await auth.close()
  await emulator.close()
})

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"
const codeGrants = ["authorization_code", "refresh_token"]

describe("the type of a client at Kinde", () => {
  it.each<[string, Omit<NewClient, "name">, string, ReadonlyArray<string>]>([
    ["says nothing", {}, "reg", codeGrants],
    ["has the code grant", { grantTypes: ["authorization_code"] }, "reg", codeGrants],
    ["has both grants of a user", { grantTypes: codeGrants, responseTypes: ["code"] }, "reg", codeGrants],
    ["proves itself in the form", { tokenEndpointAuthMethod: "client_secret_post" }, "reg", codeGrants],
    ["proves nothing", { tokenEndpointAuthMethod: "none" }, "spa", codeGrants],
    ["proves nothing and has the code", { grantTypes: codeGrants, tokenEndpointAuthMethod: "none" }, "spa", codeGrants],
    ["has its own grant", { grantTypes: ["client_credentials"] }, "m2m", ["client_credentials"]],
    ["is a device", { grantTypes: [deviceGrant] }, "device", [deviceGrant]],
    [
      "is a device that proves nothing",
      { grantTypes: [deviceGrant], tokenEndpointAuthMethod: "none" },
      "device",
      [deviceGrant],
    ],
    [
      "belongs to an organization",
      { grantTypes: ["client_credentials"], extra: { org_code: "org_1" } },
      "m2m",
      ["client_credentials"],
    ],
  ])("of one that %s", async (_, record, type, grantTypes) => {
    const made = await auth.clients.create({ name: "Made", ...record })
    expect(made.raw.type).toBe(type)
    expect(made.secret !== undefined).toBe(type === "reg" || type === "m2m")
    const read = await auth.clients.get(made)
    expect(read).toMatchObject({ clientId: made.clientId, name: "Made", grantTypes, raw: { type } })
    expect(read.tokenEndpointAuthMethod).toBe(type === "reg" || type === "m2m" ? "client_secret_post" : "none")
    expect(read.responseTypes).toEqual(type === "reg" || type === "spa" ? ["code"] : [])
  })

  it.each<[string, Omit<NewClient, "name">, string]>([
    ["no grants", { grantTypes: [] }, "grantTypes"],
    ["a mixture", { grantTypes: ["authorization_code", "client_credentials"] }, "grantTypes"],
    ["another mixture", { grantTypes: [deviceGrant, "refresh_token"] }, "grantTypes"],
    ["an unknown grant", { grantTypes: ["implicit"] }, "grantTypes"],
    [
      "a machine without a secret",
      { grantTypes: ["client_credentials"], tokenEndpointAuthMethod: "none" },
      "tokenEndpointAuthMethod",
    ],
    ["Basic", { tokenEndpointAuthMethod: "client_secret_basic" }, "tokenEndpointAuthMethod"],
    ["signed assertions", { tokenEndpointAuthMethod: "private_key_jwt" }, "tokenEndpointAuthMethod"],
    ["the implicit flow", { responseTypes: ["token"] }, "responseTypes"],
  ])("is none for %s", async (_, record, field) => {
    const reason = await reasonOf(auth.clients.create({ name: "Made", ...record }))
    expect(reason).toMatchObject({ _tag: "InvalidRequest", field, detail: expect.stringMatching(/./) })
    expect(emulator.requests).toEqual([])
  })

  it("stays what it was made", async () => {
    for (const changes of [
      { grantTypes: ["client_credentials"] },
      { tokenEndpointAuthMethod: "none" } as const,
      { grantTypes: null },
      { tokenEndpointAuthMethod: null },
    ])
      expect(
        (await reasonOf(auth.clients.patch({ client: web.clientId, changes })))._tag,
        JSON.stringify(changes),
      ).toBe("InvalidRequest")
    const same = { name: "Web", grantTypes: codeGrants, tokenEndpointAuthMethod: "client_secret_post" } as const
    expect((await auth.clients.replace({ client: web.clientId, record: same })).grantTypes).toEqual(codeGrants)
  })
})

describe("a whole record that names no grant", () => {
  it("means the code grant, and a client of another grant is left as it was", async () => {
    const service = await auth.clients.create({ name: "Service", grantTypes: ["client_credentials"] })
    const replace = auth.clients.replace({ client: service.clientId, record: { name: "Other" } })
    expect(await reasonOf(replace)).toMatchObject({ _tag: "InvalidRequest", field: "grantTypes" })
    expect((await auth.clients.get(service.clientId)).name).toBe("Service")
    const named = { name: "Other", grantTypes: ["client_credentials"] }
    expect(await auth.clients.replace({ client: service.clientId, record: named })).toMatchObject(named)
  })
})

describe("what a client of Kinde's does not have", () => {
  it.each<[string, Partial<NewClient>]>([
    ["clientId", { clientId: "mine" }],
    ["scopes", { scopes: ["read"] }],
    ["audience", { audience: ["https://api.example.org"] }],
    ["jwks", { jwks: { keys: [] } }],
    ["jwksUri", { jwksUri: "https://a.example/jwks" }],
    ["secret", { secret: Redacted.make("mine") }],
    ["metadata", { metadata: { plan: "gold" } }],
    ["extra.odd", { extra: { odd: 1 } }],
    ["extra.redirect_uris", { extra: { redirect_uris: [] } }],
  ])("is refused by name: %s", async (field, more) => {
    const record = { name: "Made", ...more }
    expect(await reasonOf(auth.clients.create(record))).toMatchObject({ _tag: "InvalidRequest", field })
    if (field !== "clientId") {
      const replace = auth.clients.replace({ client: web.clientId, record })
      expect(await reasonOf(replace)).toMatchObject({ _tag: "InvalidRequest", field })
      const patch = auth.clients.patch({ client: web.clientId, changes: more })
      expect(await reasonOf(patch)).toMatchObject({ _tag: "InvalidRequest", field })
    }
    expect(emulator.requests).toEqual([])
  })

  it("includes no name at all, and an organization only when it is made", async () => {
    const field = "name"
    expect(await reasonOf(auth.clients.create({}))).toMatchObject({ _tag: "InvalidRequest", field })
    const replace = auth.clients.replace({ client: web.clientId, record: {} })
    expect(await reasonOf(replace)).toMatchObject({ _tag: "InvalidRequest", field })
    const patch = auth.clients.patch({ client: web.clientId, changes: { name: null } })
    expect(await reasonOf(patch)).toMatchObject({ _tag: "InvalidRequest", field })
    const moved = auth.clients.patch({ client: web.clientId, changes: { extra: { org_code: "org_1" } } })
    expect(await reasonOf(moved)).toMatchObject({ _tag: "InvalidRequest", field: "extra.org_code" })
  })

  it.each(["jwtBearer", "clients.rotateSecret", "clients.setLifespans", "clients.revokeTokens"])(
    "says what to use instead: %s",
    (operation) => {
      expect(auth.can.has(operation as "introspect")).toBe(false)
      expect((auth.instead as Readonly<Record<string, string>>)[operation]).toMatch(/./)
    },
  )

  it("is a filter of lists", async () => {
    for (const filter of [{ name: "Web" }, { owner: "me" }]) {
      const reason = await reasonOf(Array.fromAsync(auth.clients.list(filter)))
      expect(reason).toMatchObject({ _tag: "UnsupportedOperation", argument: Object.keys(filter)[0] })
    }
  })
})

describe("a client at Kinde", () => {
  it("shows its secret once, though the vendor shows it each time", async () => {
    const made = await auth.clients.create({ name: "Made" })
    const secret = made.secret === undefined ? "" : Redacted.value(made.secret)
    expect(secret).toMatch(/^\w{52}$/)
    const read = await auth.clients.get(made)
    const patched = await auth.clients.patch({ client: made, changes: { name: "New" } })
    for (const each of [made, read, patched]) expect(JSON.stringify(each)).not.toContain(secret)
    expect(read.secret).toBeUndefined()
  })

  it("is refused where the vendor refuses it, and nothing is left", async () => {
    const redirectUris = ["http://not-local.example.org/cb"]
    expect((await reasonOf(auth.clients.create({ name: "Made", redirectUris })))._tag).toBe("InvalidRequest")
    const names = (await Array.fromAsync(auth.clients.list())).map(({ name }) => name)
    expect(names).toEqual(["Management", "Television", "Web", "Worker"])
  })

  it("that nobody knows is not found by any call", async () => {
    const record = { name: "x" }
    for (const call of [
      auth.clients.get(unknownId),
      auth.clients.remove(unknownId),
      auth.clients.replace({ client: unknownId, record }),
      auth.clients.patch({ client: unknownId, changes: record }),
    ])
      expect(await reasonOf(call)).toEqual({ _tag: "NotFound" })
  })
})
