import * as Redacted from "effect/Redacted"
import type { Client, NewClient } from "latchkey"
import type { PolarEmulator } from "@latchkey/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { answerNext, open, type PolarAuth, reasonOf, start } from "./account.ts"

const record = {
  name: "Shop",
  redirectUris: ["https://shop.example/cb"],
  scopes: ["openid", "email"],
  tokenEndpointAuthMethod: "none",
  grantTypes: ["authorization_code"],
  extra: { client_uri: "https://shop.example" },
} satisfies NewClient

/** What the record is in Polar's words. */
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

const asked = () => emulator.requests.length
const refused = (field: string) => ({ _tag: "InvalidRequest", field, detail: expect.any(String) })
const own = () => `/v1/oauth2/register/${client.clientId}`

describe("a client without its registration token", () => {
  it("is refused by its bare id, before anything is sent", async () => {
    const before = asked()
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
      expect(reason).toEqual(refused("client"))
      expect(JSON.stringify(reason)).toContain("registration token")
    }
    expect(asked()).toBe(before)
  })

  it("and one whose token is wrong, or who is gone, is InvalidToken", async () => {
    const wrong = { token: Redacted.make("polar_crt_wrong"), uri: Redacted.make("") }
    const rejected = { _tag: "InvalidToken", check: "rejected" }
    expect(await reasonOf(auth.clients.get({ ...client, registration: wrong }))).toEqual(rejected)
    await auth.clients.remove(client)
    for (const call of [auth.clients.get(client), auth.registration.read(client), auth.clients.remove(client)])
      expect(await reasonOf(call)).toEqual(rejected)
  })

  it("keeps the token in use where an answer holds none", async () => {
    const { registration_access_token: _, ...rest } = {
      ...wire,
      client_id: client.clientId,
      registration_access_token: 0,
    }
    answerNext(emulator, own(), rest)
    expect((await auth.clients.get(client)).registration).toEqual(client.registration)
  })
})
