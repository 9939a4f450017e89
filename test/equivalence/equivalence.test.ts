import { readFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { absent, differences } from "./differences.ts"
import type { Observations } from "./observations.ts"
import { outcomes } from "./outcomes.ts"
import { tableOf } from "./page.ts"
import { results } from "./results.ts"
import { startVendors, type Vendor, type VendorId } from "./vendors.ts"

let vendors: ReadonlyArray<Vendor>
const observed = new Map<VendorId, Observations>()
beforeAll(async () => {
  vendors = await startVendors()
  const all = await Promise.all(
    vendors.map(async (vendor) => ({ ...(await results(vendor)), ...(await outcomes(vendor)) })),
  )
  for (const [index, vendor] of vendors.entries()) observed.set(vendor.id, all[index] ?? {})
})
afterAll(async () => {
  for (const { close } of vendors) await close()
})

const ids = ["kinde", "ory", "polar"] as const

/** Gives the values of one item for each vendor. */
const valuesOf = (item: string): Readonly<Record<VendorId, string>> => {
  const of = (id: VendorId) => observed.get(id)?.[item] ?? absent
  return { kinde: of("kinde"), ory: of("ory"), polar: of("polar") }
}

const items = (): ReadonlyArray<string> => [
  ...new Set([...observed.values()].flatMap((observations) => Object.keys(observations))),
]

describe("the results of the three vendors", () => {
  it("are equal except for the listed differences", () => {
    const unlisted = items().filter((item) => !differences.some((difference) => difference.item === item))
    const unequal = unlisted
      .map((item) => ({ item, ...valuesOf(item) }))
      .filter(({ kinde, ory, polar }) => kinde !== ory || ory !== polar)
    expect(unequal).toEqual([])
    expect(unlisted.length).toBeGreaterThan(3 * differences.length)
  })

  it.each(differences)("differ in $item: $why", ({ item, kinde, ory, polar }) => {
    expect(valuesOf(item)).toEqual({ kinde, ory, polar })
    expect(new Set([kinde, ory, polar]).size).toBeGreaterThan(1)
  })

  it("hold the expected values for every vendor", () => {
    for (const id of ids)
      expect(observed.get(id)).toMatchObject({
        "TokenState.active": "true",
        "TokenState.subject": "the user",
        "TokenState.clientId": "the client",
        "TokenState.issuer": "the issuer",
        "TokenState.scopes": "openid, email",
        "TokenState.expiresAt": "an hour from now",
        "User.email": "alice@example.org",
        "Client.clientId": "the new client",
        "introspect: a revoked token": "inactive",
        "introspect: 503": "Unavailable 503",
      })
  })
})

describe("docs/equivalence.md", () => {
  const page = readFileSync(new URL("../../docs/equivalence.md", import.meta.url), "utf8")

  it("shows exactly the listed differences", () => {
    const shown = page.split("\n").filter((line) => line.startsWith("| "))
    expect(shown.join("\n")).toBe(tableOf(differences))
  })
})
