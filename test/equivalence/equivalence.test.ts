import { readFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { answers } from "./answers.ts"
import { absent, differences } from "./differences.ts"
import { outcomes } from "./outcomes.ts"
import { tableOf } from "./page.ts"
import { startVendors, type Vendor, type VendorId } from "./vendors.ts"
import type { Facts } from "./words.ts"

let vendors: ReadonlyArray<Vendor>
const observed = new Map<VendorId, Facts>()
beforeAll(async () => {
  vendors = await startVendors()
  const facts = await Promise.all(
    vendors.map(async (vendor) => ({ ...(await answers(vendor)), ...(await outcomes(vendor)) })),
  )
  for (const [index, vendor] of vendors.entries()) observed.set(vendor.id, facts[index] ?? {})
})
afterAll(async () => {
  for (const { close } of vendors) await close()
})

const ids = ["kinde", "ory", "polar"] as const

/** What each vendor says to one question. */
const saidOf = (fact: string): Readonly<Record<VendorId, string>> => {
  const of = (id: VendorId) => observed.get(id)?.[fact] ?? absent
  return { kinde: of("kinde"), ory: of("ory"), polar: of("polar") }
}

const asked = (): ReadonlyArray<string> => [...new Set([...observed.values()].flatMap((facts) => Object.keys(facts)))]

describe("the same facts, asked of three vendors through one interface", () => {
  it("have the same answers, but for what is listed", () => {
    const unlisted = asked().filter((fact) => !differences.some((difference) => difference.fact === fact))
    const unequal = unlisted
      .map((fact) => ({ fact, ...saidOf(fact) }))
      .filter(({ kinde, ory, polar }) => kinde !== ory || ory !== polar)
    expect(unequal).toEqual([])
    expect(unlisted.length).toBeGreaterThan(3 * differences.length)
  })

  it.each(differences)("differ in $fact: $why", ({ fact, kinde, ory, polar }) => {
    expect(saidOf(fact)).toEqual({ kinde, ory, polar })
    expect(new Set([kinde, ory, polar]).size).toBeGreaterThan(1)
  })

  it("are really the facts: nobody's answer is that nothing is known", () => {
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

describe("the page about equivalence", () => {
  const page = readFileSync(new URL("../../docs/equivalence.md", import.meta.url), "utf8")

  it("shows the differences, and no others", () => {
    const shown = page.split("\n").filter((line) => line.startsWith("| "))
    expect(shown.join("\n")).toBe(tableOf(differences))
  })
})
