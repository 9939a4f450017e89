import * as Redacted from "effect/Redacted"
import type { Client, NewClient } from "latchkey"
import type { PolarEmulator } from "@latchkey/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { open, type PolarAuth, reasonOf, start } from "./account.ts"

const unnamed = {
  name: "Shop",
  redirectUris: ["https://shop.example/cb"],
  scopes: ["openid"],
} satisfies NewClient
const record = { ...unnamed, tokenEndpointAuthMethod: "none" } as const satisfies NewClient

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

const doors = [
  ["clients.replace", (record: NewClient) => auth.clients.replace({ client, record })],
  ["registration.update", (record: NewClient) => auth.registration.update({ client, record })],
] as const

describe.each(doors)("%s of a public client", (_, replace) => {
  it("is refused where the record names no method, for Polar would give it a secret", async () => {
    expect(await reasonOf(replace(unnamed))).toMatchObject({
      _tag: "InvalidRequest",
      field: "tokenEndpointAuthMethod",
    })
    expect(await auth.clients.get(client)).toMatchObject({ tokenEndpointAuthMethod: "none" })
  })

  it("gives the secret that it gets when it becomes confidential on purpose, once", async () => {
    const replaced = await replace({ ...unnamed, tokenEndpointAuthMethod: "client_secret_post" })
    const secret = Redacted.value(replaced.secret ?? expect.fail("no secret"))
    expect(secret).not.toBe("")
    expect(JSON.stringify(replaced)).not.toContain(secret)
    const again = await replace({ ...unnamed, tokenEndpointAuthMethod: "client_secret_post" })
    expect(again.secret).toBeUndefined()
  })

  it("says which member it cannot clear", async () => {
    await replace({ ...record, extra: { logo_uri: "https://shop.example/logo.png" } })
    expect(await reasonOf(replace(record))).toMatchObject({ _tag: "InvalidRequest", field: "extra.logo_uri" })
  })

  it("says which member the server did not take over", async () => {
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

it("a patch that makes a client confidential gives its secret, once", async () => {
  const changes = { tokenEndpointAuthMethod: "client_secret_post" } as const
  const patched = await auth.clients.patch({ client, changes })
  expect(Redacted.value(patched.secret ?? expect.fail("no secret"))).not.toBe("")
  expect((await auth.clients.patch({ client, changes })).secret).toBeUndefined()
})
