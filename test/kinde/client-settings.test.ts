import type { KindeEmulator } from "@latchkey/testing"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { countOf, type KindeAuth, open, reasonOf, startTenant } from "./tenant.ts"

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

describe("replacing a client at Kinde", () => {
  it("rejects a record that leaves out an address, because Kinde would keep the address", async () => {
    const extra = { login_uri: "https://a.example/login" }
    const client = await auth.clients.create({ name: "Made", extra })
    const before = countOf(emulator, /applications/, "PATCH") + countOf(emulator, /applications/, "PUT")
    const call = auth.clients.replace({ client, record: { name: "New" } })
    expect(await reasonOf(call)).toMatchObject({ _tag: "InvalidRequest", field: "extra.login_uri" })
    expect(countOf(emulator, /applications/, "PATCH") + countOf(emulator, /applications/, "PUT")).toBe(before)
    const replaced = await auth.clients.replace({ client, record: { name: "New", extra } })
    expect(replaced).toMatchObject({ name: "New", raw: extra })
  })
})

describe("a setting that Kinde accepts and does not change", () => {
  it("is named in an InvalidRequest", async () => {
    const client = await auth.clients.create({ name: "Made", extra: { homepage_uri: "https://a.example" } })
    // Kinde ignores a cleared setting and answers success.
    const cleared = await reasonOf(auth.clients.patch({ client, changes: { extra: { homepage_uri: null } } }))
    expect(cleared).toMatchObject({ _tag: "InvalidRequest", field: "extra.homepage_uri" })
    emulator.faults.add({ path: /applications/, method: "PATCH", fault: { kind: "status", status: 200, body: "" } })
    const changes = { extra: { is_ask_for_name: false, homepage_uri: "https://a.example" } }
    expect(await reasonOf(auth.clients.patch({ client, changes }))).toMatchObject({
      _tag: "InvalidRequest",
      field: "extra.is_ask_for_name",
    })
    expect((await auth.clients.patch({ client, changes })).raw).toMatchObject(changes.extra)
  })
})

describe("a setting that Kinde rejects", () => {
  it("is named by its latchkey name, with Kinde's message", async () => {
    const client = await auth.clients.create({ name: "Made", grantTypes: ["client_credentials"] })
    const changes = { extra: { is_access_control_enabled: true } }
    const reason = await reasonOf(auth.clients.patch({ client, changes }))
    expect(reason).toMatchObject({
      _tag: "InvalidRequest",
      field: "extra.is_access_control_enabled",
      detail: expect.stringMatching(/^ACCESS_CONTROL_NOT_SUPPORTED: Role-based access control/),
    })
  })
})
