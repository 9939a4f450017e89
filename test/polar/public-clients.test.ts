import type { PolarEmulator } from "@latchkey/testing"
import * as Redacted from "effect/Redacted"
import type { Client, NewClient } from "latchkey"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { open, type PolarAuth, reasonOf, start } from "./setup.ts"

const withoutMethod = {
  name: "Shop",
  redirectUris: ["https://shop.example/cb"],
  scopes: ["openid"],
} satisfies NewClient
const record = { ...withoutMethod, tokenEndpointAuthMethod: "none" } as const satisfies NewClient

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

const replacements = [
  ["clients.replace", (record: NewClient) => auth.clients.replace({ client, record })],
  ["registration.update", (record: NewClient) => auth.registration.update({ client, record })],
] as const

describe.each(replacements)("%s of a public client", (_, replace) => {
  it("rejects a record without an authentication method, because Polar would issue a secret", async () => {
    expect(await reasonOf(replace(withoutMethod))).toMatchObject({
      _tag: "InvalidRequest",
      field: "tokenEndpointAuthMethod",
    })
    expect(await auth.clients.get(client)).toMatchObject({ tokenEndpointAuthMethod: "none" })
  })

  it("gives the new secret once when the client becomes confidential", async () => {
    const replaced = await replace({ ...withoutMethod, tokenEndpointAuthMethod: "client_secret_post" })
    const secret = Redacted.value(replaced.secret ?? expect.fail("no secret"))
    expect(secret).not.toBe("")
    expect(JSON.stringify(replaced)).not.toContain(secret)
    const again = await replace({ ...withoutMethod, tokenEndpointAuthMethod: "client_secret_post" })
    expect(again.secret).toBeUndefined()
  })

  it("names the member that Polar cannot clear", async () => {
    await replace({ ...record, extra: { logo_uri: "https://shop.example/logo.png" } })
    expect(await reasonOf(replace(record))).toMatchObject({ _tag: "InvalidRequest", field: "extra.logo_uri" })
  })

  it("names the member that Polar did not change", async () => {
    emulator.faults.add({
      method: "PUT",
      fault: {
        kind: "status",
        status: 200,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...client.raw, client_id: client.clientId, client_name: "Another" }),
      },
    })
    expect(await reasonOf(replace(record))).toMatchObject({ _tag: "InvalidRequest", field: "name" })
  })
})

it("a patch that makes a client confidential gives its secret once", async () => {
  const changes = { tokenEndpointAuthMethod: "client_secret_post" } as const
  const patched = await auth.clients.patch({ client, changes })
  expect(Redacted.value(patched.secret ?? expect.fail("no secret"))).not.toBe("")
  expect((await auth.clients.patch({ client, changes })).secret).toBeUndefined()
})
