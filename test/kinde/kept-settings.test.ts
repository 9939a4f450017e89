import type { KindeEmulator } from "latchkey/emulator"
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

describe("a whole record for a client of Kinde's", () => {
  it("names the address that the vendor would keep, or changes nothing", async () => {
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
