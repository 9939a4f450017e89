/** Every kind of forged token against every vendor: none is accepted, none is sent, and nothing that calls share changes. */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { LogEvent } from "latchkey"
import { describe, expect, test } from "vitest"
import { signed } from "../jwt/signing-keys.ts"
import { accessToken, isAccepted, key, keys, open, stranger, type Vendor, vendors } from "./any-vendor.ts"
import { forgeries, wrongClaims } from "./forgeries.ts"

/** The policies as they are without configuration. */
const policies = {
  cache: undefined,
  singleFlight: undefined,
  tokenCache: undefined,
  retry: undefined,
  circuitBreaker: undefined,
}

/** The gauges: of open circuits, and of the secret in use. Each exists from its first change on. */
const gauges = async () => {
  const all = await Effect.runPromise(Metric.snapshot)
  return all.flatMap((each) => (each.type === "Gauge" ? [[each.id, each.attributes, each.state.value]] : []))
}

/** Vendors that publish keys which latchkey verifies signatures with. */
const signing = vendors.filter((vendor) => open(vendor).jwt !== undefined)

/** A server that judges the genuine token only, and fails for any other, as some servers do. */
const attacked = (vendor: Vendor) => {
  const events: Array<LogEvent> = []
  const { token, head, claims } = accessToken(vendor)
  const answer = (asked: string) =>
    asked === token
      ? { active: true, ...claims }
      : { status: 500, headers: { "content-type": "application/json" }, body: "{}" }
  const server = open(vendor, { answer }, { ...policies, log: (event: LogEvent) => events.push(event) })
  return { ...server, events, known: { token, head, claims, keys, stranger } }
}

describe.each(signing.map((vendor) => [vendor.name, vendor] as const))("%s", (_, vendor) => {
  test("accepts no forged token, sends none, and its keys, circuits and cached answers stay as they are", async () => {
    const { introspect, known, asked, fetched, events } = attacked(vendor)
    expect(await Effect.runPromise(introspect(known.token))).toMatchObject({ active: true })
    const before = fetched.length
    const gaugesBefore = await gauges()
    const results: Array<readonly [string, unknown]> = []
    for (const [name, make] of forgeries) {
      const forged = await make(known)
      const state = await Effect.runPromise(
        Effect.match(introspect(forged), {
          onSuccess: ({ active }) => active,
          onFailure: ({ reason }) => reason._tag,
        }),
      )
      results.push([name, asked.includes(forged) ? `sent: ${state}` : state])
    }
    expect(results.filter(([, state]) => state !== false)).toEqual([])
    expect(fetched).toHaveLength(before)
    expect(await gauges()).toEqual(gaugesBefore)
    expect(new Set(asked).size).toBeLessThanOrEqual(1)
    expect(new Set(events.map(({ _tag }) => _tag))).toEqual(new Set(["KeysRefreshed", "TokenRejected"]))
    expect(await Effect.runPromise(introspect(known.token))).toMatchObject({ active: true })
  })
})

describe.each(vendors.map((vendor) => [vendor.name, vendor] as const))("%s", (name, vendor) => {
  test.each(wrongClaims)(
    "accepts no token with %s, although the server signed it or finds it active",
    async (_, change) => {
      const { head, claims } = accessToken(vendor)
      const changed = change(claims)
      const token = name === "polar" ? "polar_at_u_1" : signed(key, head, changed)
      const text = typeof changed === "string" ? changed : JSON.stringify(changed)
      const answer = {
        status: 200,
        headers: { "content-type": "application/json" },
        body: text.replace("{", '{"active":true,'),
      }
      expect(await isAccepted(vendor, token, answer)).toMatchObject({ accepted: false })
    },
  )
})
