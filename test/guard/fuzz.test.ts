/** Whatever the headers hold, the core refuses with a response of the caller's fault. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Decision, makeGuard } from "../../src/guard/guard.ts"
import type { GuardRequest } from "../../src/guard/request.ts"
import { bindings } from "./bindings.ts"
import { coreRequest } from "./core-request.ts"
import { dpopOptions } from "./dpop-rows.ts"
import { active, token } from "./row.ts"
import { stubAuth } from "./stub-auth.ts"

const words = [
  "Bearer",
  "bearer",
  "DPoP",
  "Basic",
  " ",
  ",",
  ", ",
  "=",
  "a",
  "b.c",
  '"',
  "\\",
  "\t",
  "\r\n",
  "\0",
  "é",
  "€",
]

/** Values near the grammar of credentials, values of a token's characters, and any text. */
const value = fc.oneof(
  fc.array(fc.constantFrom(...words), { maxLength: 8 }).map((parts) => parts.join("")),
  fc.stringMatching(/^(Bearer|DPoP|bEARER|Basic) [!-~]{0,40}$/),
  fc.string({ unit: "binary", maxLength: 60 }),
)

const counts = { 400: 0, 401: 0 }

const mustRefuse = async (decided: Decision | Promise<Decision>) => {
  const decision = await decided
  if (decision.ok) throw new Error("passed")
  const { status } = decision.refusal
  if (status !== 400 && status !== 401) throw new Error(`status ${status}`)
  counts[status] += 1
}

const inactive = () => stubAuth({ active: false })

describe("any header", () => {
  it("Authorization: 100,000 values never throw, never pass and are never an outage", async () => {
    const auth = inactive()
    auth.asked.push = () => 0
    const check = makeGuard(auth)({ scopes: ["orders:read"] })
    await fc.assert(
      fc.asyncProperty(value, (authorization) => mustRefuse(check(coreRequest({ authorization })))),
      { numRuns: 100_000 },
    )
    // The values reach both branches.
    expect(counts[400]).toBeGreaterThan(1000)
    expect(counts[401]).toBeGreaterThan(1000)
  }, 60_000)

  it.runIf(dpopOptions !== undefined)(
    "DPoP: 100,000 proofs never throw, never pass and ask nobody",
    async () => {
      const auth = stubAuth("unasked")
      const check = makeGuard(auth, { publicUrl: "https://api.example", dpop: dpopOptions?.() ?? {} })()
      const headers = (dpop: string) => coreRequest({ authorization: `DPoP ${token}`, dpop })
      await fc.assert(
        fc.asyncProperty(value, (dpop) => mustRefuse(check(headers(dpop)))),
        { numRuns: 100_000 },
      )
      expect(auth.asked).toEqual([])
    },
    60_000,
  )

  it.each(["host", "forwarded", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-for", "x-forwarded-prefix"])(
    "%s is never read",
    async (name) => {
      const read = new Set<string>()
      const header: GuardRequest["header"] = (wanted) => {
        read.add(wanted)
        return wanted === "authorization" ? `Bearer ${token}` : undefined
      }
      const options = { publicUrl: "https://api.example", metadata: {}, preflight: "pass" } as const
      for (const auth of [inactive(), stubAuth(active({ confirmation: { x5tS256: "a" } }))])
        await makeGuard(auth, options)()({ method: "OPTIONS", target: "/orders", header })
      expect(read).toContain("authorization")
      expect(read).not.toContain(name)
    },
  )
})

describe("large input", () => {
  it.each([
    ["a token of a megabyte", `Bearer ${"a".repeat(1_000_000)}`],
    ["a megabyte of spaces", `Bearer ${" ".repeat(1_000_000)}`],
    ["a megabyte of spaces before a quote", `Bearer ${" ".repeat(1_000_000)}"`],
    ["a megabyte of commas", `Bearer ${",".repeat(1_000_000)}`],
    ["a scheme of a megabyte", "a".repeat(1_000_000)],
    ["a megabyte of commas and spaces in another scheme", `Basic ${", ".repeat(500_000)}`],
    ["a megabyte of commas and names in another scheme", `Basic ${",a ".repeat(333_333)}`],
    ["a comma and a megabyte of spaces in another scheme", `Basic ,${" ".repeat(1_000_000)}`],
    ["a comma and a name of a megabyte in another scheme", `Basic ,${"a".repeat(1_000_000)}`],
    ["a name and a megabyte of spaces in another scheme", `Basic ,a${" ".repeat(1_000_000)}`],
    ["a token and a megabyte of equals signs", `Bearer a${"=".repeat(1_000_000)}"`],
  ])("%s is refused within 100 ms", async (_, authorization) => {
    const auth = stubAuth("unasked")
    const check = makeGuard(auth)()
    const start = performance.now()
    const decision = await check(coreRequest({ authorization }))
    expect(performance.now() - start).toBeLessThan(100)
    expect(decision.ok).toBe(false)
    expect(auth.asked).toEqual([])
  })

  it("a query of a megabyte is judged within 500 ms", async () => {
    const start = performance.now()
    const target = `/orders?${"%61=1&".repeat(170_000)}access_token=1`
    const decision = await makeGuard(stubAuth("unasked"))()(coreRequest({}, { target }))
    expect(performance.now() - start).toBeLessThan(500)
    expect(decision).toMatchObject({ refusal: { situation: "token-in-query" } })
  })

  it.each(bindings.filter(({ name }) => !/in the process|app\.fetch/.test(name)))(
    "a flood of header lines changes nothing: $name",
    async ({ start }) => {
      const auth = stubAuth(active())
      const running = await start([{ path: "/orders", method: "GET", auth, options: {}, needs: {} }])
      const flood = Array.from({ length: 400 }, (_, at) => [`X-${at}`, "b"] as const)
      const lines = [...flood, ["Authorization", `Bearer ${token}`] as const]
      expect((await running.send({ method: "GET", target: "/orders", lines })).status).toBe(200)
      const twice = [["Authorization", "Bearer a"] as const, ...lines]
      expect((await running.send({ method: "GET", target: "/orders", lines: twice })).status).toBe(400)
      await running.close()
    },
  )
})
