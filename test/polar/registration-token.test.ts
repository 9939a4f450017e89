import type { PolarEmulator } from "@latchkey/testing"
import * as Redacted from "effect/Redacted"
import type { Client, NewClient } from "latchkey"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { open, type PolarAuth, reasonOf, respondNext, start } from "./setup.ts"

const record = {
  name: "Shop",
  redirectUris: ["https://shop.example/cb"],
  scopes: ["openid", "email"],
  tokenEndpointAuthMethod: "none",
  grantTypes: ["authorization_code"],
  extra: { client_uri: "https://shop.example" },
} satisfies NewClient

/** The record as Polar's client metadata. */
const wire = { client_name: "Shop", redirect_uris: ["https://shop.example/cb"], scope: "openid email" }

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

const requestCount = () => emulator.requests.length
const invalid = (field: string) => ({ _tag: "InvalidRequest", field, detail: expect.any(String) })
const clientPath = () => `/v1/oauth2/register/${client.clientId}`

describe("a registration token", () => {
  it("is required: a bare id is rejected before a request is sent", async () => {
    const before = requestCount()
    const id = client.clientId
    const { registration: _, ...without } = client
    for (const call of [
      () => auth.clients.get(id),
      () => auth.clients.get(without),
      () => auth.clients.remove(id),
      () => auth.clients.replace({ client: id, record }),
      () => auth.clients.patch({ client: id, changes: { name: "Store" } }),
    ]) {
      const reason = await reasonOf(call())
      expect(reason).toEqual(invalid("client"))
      expect(JSON.stringify(reason)).toContain("registration token")
    }
    expect(requestCount()).toBe(before)
  })

  it("is InvalidToken when it is wrong or its client is removed", async () => {
    const wrong = { token: Redacted.make("polar_crt_wrong"), uri: Redacted.make("") }
    const rejected = expect.objectContaining({ _tag: "InvalidToken", check: "rejected" })
    expect(await reasonOf(auth.clients.get({ ...client, registration: wrong }))).toEqual(rejected)
    await auth.clients.remove(client)
    for (const call of [
      () => auth.clients.get(client),
      () => auth.registration.read(client),
      () => auth.clients.remove(client),
    ])
      expect(await reasonOf(call())).toEqual(rejected)
  })

  it("is kept when a response holds no token", async () => {
    const { registration_access_token: _, ...rest } = {
      ...wire,
      client_id: client.clientId,
      registration_access_token: 0,
    }
    respondNext(emulator, clientPath(), rest)
    expect((await auth.clients.get(client)).registration).toEqual(client.registration)
  })
})
