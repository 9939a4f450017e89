import type { KindeEmulator } from "@latchkey/testing"
import { describe, expect, it } from "vitest"
import { manager, tenant } from "./kinde-tenant.ts"

describe("Kinde's list of applications", () => {
  const readPages = async (emulator: KindeEmulator, limit = 10) => {
    const manage = await manager(emulator)
    const sizes: Array<number> = []
    const last: Array<unknown> = []
    for (let next = ""; sizes.length < limit; ) {
      const query = new URLSearchParams({ page_size: "2", ...(next && { next_token: next }) })
      const { json } = await manage("GET", `/applications?${query}`)
      sizes.push(Array.isArray(json.applications) ? json.applications.length : -1)
      last.push(json.next_token)
      if (typeof json.next_token !== "string" || json.next_token === "") break
      next = json.next_token
    }
    return { sizes, last: last.at(-1) }
  }

  it("has id, name and type of each application, sorted by name", async () => {
    await using emulator = await tenant()
    const { json } = await (await manager(emulator))("GET", "/applications?sort=name_desc&page_size=1")
    expect(json).toMatchObject({
      applications: [{ id: "worker", name: "Worker", type: "m2m" }],
      next_token: expect.any(String),
    })
    expect(Object.keys(Object(json.applications)[0])).toEqual(["id", "name", "type"])
  })

  it.each([
    ["absent", [2, 2, 1], undefined],
    ["empty", [2, 2, 1], ""],
    ["null", [2, 2, 1], null],
    ["extra", [2, 2, 1, -1], undefined],
  ] as const)("ends with a next_token that is %s", async (lastPage, sizes, last) => {
    await using emulator = await tenant({ lastPage, emptyListsAsNull: true })
    expect(await readPages(emulator)).toEqual({ sizes, last })
  })

  it("can repeat the last next_token without end", async () => {
    await using emulator = await tenant({ lastPage: "repeated" })
    expect((await readPages(emulator, 6)).sizes).toEqual([2, 2, 1, 1, 1, 1])
  })

  it("rejects a page size above 500 and an invalid next_token", async () => {
    await using emulator = await tenant()
    const call = await manager(emulator)
    expect((await call("GET", "/applications?page_size=501")).status).toBe(400)
    expect((await call("GET", "/applications?next_token=bm9uc2Vuc2U=")).status).toBe(400)
  })
})
