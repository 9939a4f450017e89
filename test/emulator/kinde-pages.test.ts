import type { KindeEmulator } from "@latchkey/testing"
import { describe, expect, it } from "vitest"
import { manager, tenant } from "./kinde-tenant.ts"

describe("the pages of Kinde's applications", () => {
  const walk = async (of: KindeEmulator, limit = 10) => {
    const manage = await manager(of)
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

  it("hold three members of each, sorted by name", async () => {
    await using own = await tenant()
    const { json } = await (await manager(own))("GET", "/applications?sort=name_desc&page_size=1")
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
  ] as const)("end with a token that is %s", async (lastPage, sizes, last) => {
    await using own = await tenant({ lastPage, emptyListsAsNull: true })
    expect(await walk(own)).toEqual({ sizes, last })
  })

  it("can repeat the last token for ever", async () => {
    await using own = await tenant({ lastPage: "repeated" })
    expect((await walk(own, 6)).sizes).toEqual([2, 2, 1, 1, 1, 1])
  })

  it("are not larger than 500", async () => {
    await using own = await tenant()
    const call = await manager(own)
    expect((await call("GET", "/applications?page_size=501")).status).toBe(400)
    expect((await call("GET", "/applications?next_token=bm9uc2Vuc2U=")).status).toBe(400)
  })
})
