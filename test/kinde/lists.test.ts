import type { KindeEmulatorOptions } from "@latchkey/testing"
import { describe, expect, it } from "vitest"
import { countOf, open, startTenant } from "./tenant.ts"

describe("a list of clients at Kinde", () => {
  const lastPages = ["absent", "empty", "null", "extra", "repeated"] as const
  const names = async (options: KindeEmulatorOptions, pageSize: number | undefined, applications: number) => {
    const apps = Array.from({ length: applications }, (_, index) => ({ name: `App ${index}`, type: "reg" as const }))
    const managementApp = { id: "m", name: "Zed", type: "m2m", secret: "m", management: true } as const
    await using tenant = await startTenant({ ...options, seed: { applications: [...apps, managementApp] } })
    await using provider = open(tenant, { management: { clientId: "m", clientSecret: "m" } })
    const list = await Array.fromAsync(provider.clients.list(pageSize === undefined ? {} : { pageSize }))
    return { names: list.map(({ name }) => name), pages: countOf(tenant, "/api/v1/applications", "GET") }
  }

  it.each(lastPages.flatMap((last) => [1, 2, 3, 6, 7, undefined].map((size) => [last, size] as const)))(
    "ends when the last page's token is %s with pages of %s, and holds each client once",
    async (lastPage, pageSize) => {
      const { names: found, pages } = await names({ lastPage }, pageSize, 5)
      expect(found).toEqual(["App 0", "App 1", "App 2", "App 3", "App 4", "Zed"])
      expect(pages).toBeLessThanOrEqual(6 / Math.min(pageSize ?? 10, 6) + 1.5)
    },
  )

  it("is empty when Kinde sends null", async () => {
    await using emulator = await startTenant()
    await using auth = open(emulator)
    emulator.faults.add({
      path: "/api/v1/applications",
      fault: {
        kind: "status",
        status: 200,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ code: "OK", applications: null, next_token: "again" }),
      },
    })
    expect(await Array.fromAsync(auth.clients.list())).toEqual([])
  })
})
