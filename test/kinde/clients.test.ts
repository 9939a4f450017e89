import type { KindeEmulator } from "@latchkey/testing"
import * as Redacted from "effect/Redacted"
import type { NewClient } from "latchkey"
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
    ["an empty record", {}, "reg", codeGrants],
    ["the authorization code grant", { grantTypes: ["authorization_code"] }, "reg", codeGrants],
    ["both grants of a user", { grantTypes: codeGrants, responseTypes: ["code"] }, "reg", codeGrants],
    ["client_secret_post", { tokenEndpointAuthMethod: "client_secret_post" }, "reg", codeGrants],
    ["no client authentication", { tokenEndpointAuthMethod: "none" }, "spa", codeGrants],
    [
      "no client authentication with both grants",
      { grantTypes: codeGrants, tokenEndpointAuthMethod: "none" },
      "spa",
      codeGrants,
    ],
    ["the client credentials grant", { grantTypes: ["client_credentials"] }, "m2m", ["client_credentials"]],
    ["the device grant", { grantTypes: [deviceGrant] }, "device", [deviceGrant]],
    [
      "the device grant without client authentication",
      { grantTypes: [deviceGrant], tokenEndpointAuthMethod: "none" },
      "device",
      [deviceGrant],
    ],
    [
      "an organization",
      { grantTypes: ["client_credentials"], extra: { org_code: "org_1" } },
      "m2m",
      ["client_credentials"],
    ],
  ])("is derived from %s", async (_, record, type, grantTypes) => {
    const created = await auth.clients.create({ name: "Made", ...record })
    expect(created.raw.type).toBe(type)
    expect(created.secret !== undefined).toBe(type === "reg" || type === "m2m")
    const read = await auth.clients.get(created)
    expect(read).toMatchObject({ clientId: created.clientId, name: "Made", grantTypes, raw: { type } })
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
    ["client_secret_basic", { tokenEndpointAuthMethod: "client_secret_basic" }, "tokenEndpointAuthMethod"],
    ["private_key_jwt", { tokenEndpointAuthMethod: "private_key_jwt" }, "tokenEndpointAuthMethod"],
    ["the implicit flow", { responseTypes: ["token"] }, "responseTypes"],
  ])("cannot be derived from %s", async (_, record, field) => {
    const reason = await reasonOf(auth.clients.create({ name: "Made", ...record }))
    expect(reason).toMatchObject({ _tag: "InvalidRequest", field, detail: expect.stringMatching(/./) })
    expect(emulator.requests).toEqual([])
  })

  it("cannot change after creation", async () => {
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

describe("a full record without grant types", () => {
  it("implies the authorization code grant and is rejected for a client of another type", async () => {
    const service = await auth.clients.create({ name: "Service", grantTypes: ["client_credentials"] })
    const replace = auth.clients.replace({ client: service.clientId, record: { name: "Other" } })
    expect(await reasonOf(replace)).toMatchObject({ _tag: "InvalidRequest", field: "grantTypes" })
    expect((await auth.clients.get(service.clientId)).name).toBe("Service")
    const named = { name: "Other", grantTypes: ["client_credentials"] }
    expect(await auth.clients.replace({ client: service.clientId, record: named })).toMatchObject(named)
  })
})

describe("a record for a client of Kinde", () => {
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
  ])("is rejected for a member that Kinde lacks: %s", async (field, more) => {
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

  it("requires a name, and accepts an organization only at creation", async () => {
    const field = "name"
    expect(await reasonOf(auth.clients.create({}))).toMatchObject({ _tag: "InvalidRequest", field })
    const replace = auth.clients.replace({ client: web.clientId, record: {} })
    expect(await reasonOf(replace)).toMatchObject({ _tag: "InvalidRequest", field })
    const patch = auth.clients.patch({ client: web.clientId, changes: { name: null } })
    expect(await reasonOf(patch)).toMatchObject({ _tag: "InvalidRequest", field })
    const moved = auth.clients.patch({ client: web.clientId, changes: { extra: { org_code: "org_1" } } })
    expect(await reasonOf(moved)).toMatchObject({ _tag: "InvalidRequest", field: "extra.org_code" })
  })
})

describe("an operation that Kinde lacks", () => {
  it.each(["jwtBearer", "clients.rotateSecret", "clients.setLifespans", "clients.revokeTokens"])(
    "names an alternative: %s",
    (operation) => {
      expect(auth.can.has(operation as "introspect")).toBe(false)
      expect((auth.instead as Readonly<Record<string, string>>)[operation]).toMatch(/./)
    },
  )
})

describe("a filter for the list of clients", () => {
  it("is unsupported", async () => {
    for (const filter of [{ name: "Web" }, { owner: "me" }]) {
      const reason = await reasonOf(Array.fromAsync(auth.clients.list(filter)))
      expect(reason).toMatchObject({ _tag: "UnsupportedOperation", argument: Object.keys(filter)[0] })
    }
  })
})

describe("a client at Kinde", () => {
  it("shows its secret once, although Kinde sends it in every response", async () => {
    const created = await auth.clients.create({ name: "Made" })
    const secret = created.secret === undefined ? "" : Redacted.value(created.secret)
    expect(secret).toMatch(/^\w{52}$/)
    const read = await auth.clients.get(created)
    const patched = await auth.clients.patch({ client: created, changes: { name: "New" } })
    for (const each of [created, read, patched]) expect(JSON.stringify(each)).not.toContain(secret)
    expect(read.secret).toBeUndefined()
  })

  it("is not created when Kinde rejects a redirect URI", async () => {
    const redirectUris = ["http://not-local.example.org/cb"]
    expect((await reasonOf(auth.clients.create({ name: "Made", redirectUris })))._tag).toBe("InvalidRequest")
    const names = (await Array.fromAsync(auth.clients.list())).map(({ name }) => name)
    expect(names).toEqual(["Management", "Television", "Web", "Worker"])
  })

  it("is NotFound to every operation when its id is unknown", async () => {
    const record = { name: "x" }
    for (const call of [
      () => auth.clients.get(unknownId),
      () => auth.clients.remove(unknownId),
      () => auth.clients.replace({ client: unknownId, record }),
      () => auth.clients.patch({ client: unknownId, changes: record }),
    ])
      expect(await reasonOf(call())).toEqual({ _tag: "NotFound" })
  })
})
