import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import type { Fleet } from "latchkey"
import { oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { cacheKeys, fleetKeys } from "../../src/core/policies/cache-key.ts"
import { fleetTier } from "../../src/core/policies/fleet-tier.ts"
import type { Backend } from "../../src/ports/provider.ts"
import { makeSealing } from "../../src/redis/sealing.ts"
import { settings } from "../policies/vendor.ts"
import { secret } from "./clients.ts"
import { makeVendor } from "./processes.ts"
import { unreachableFleet } from "./unreachable-fleet.ts"

const transport = makeVendor()

const identity = (config: Parameters<typeof oidc>[0]) =>
  Effect.runSync(Effect.scoped(oidc(config, { transport, fleet: unreachableFleet })))

const text = fc.string({
  minLength: 1,
  maxLength: 12,
  unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789"),
})

const config = fc.record({
  issuer: text.map((name) => `https://${name}.example`),
  clientId: text,
  clientSecret: text,
  audience: fc.option(fc.array(text, { minLength: 1, maxLength: 2 }), { nil: undefined }),
  introspectionEndpoint: text.map((path) => `https://id.example/${path}`),
  clockSkew: fc.integer({ min: 1, max: 60 }).map((seconds) => `${seconds} seconds` as const),
})

type Sample = typeof config extends fc.Arbitrary<infer A> ? A : never

/** Two configurations that differ in one member. */
const pair = fc
  .tuple(
    config,
    config,
    fc.constantFrom("issuer", "clientId", "clientSecret", "audience", "introspectionEndpoint", "clockSkew"),
  )
  .map(([one, other, member]) => [one, { ...one, [member]: other[member as keyof Sample] }] as const)
  .filter(([one, other]) => JSON.stringify(one) !== JSON.stringify(other))

const settingsOf = ({ introspectionEndpoint, audience, ...sample }: Sample): Parameters<typeof oidc>[0] => ({
  ...sample,
  ...(audience !== undefined && { audience }),
  endpoints: { ...settings.endpoints, introspectionEndpoint },
})

const sealing = makeSealing([secret])

/** The key of a token in the memory of a client, and its name on the server. */
const keysOf = (sample: Sample, token = "token") => {
  const provider = identity(settingsOf(sample))
  return { memory: cacheKeys(provider, "introspect")(token), name: nameOf(provider.backend, token) }
}

const nameOf = async (backend: Backend | undefined, token: string): Promise<string> => {
  if (backend === undefined) throw new Error("expected a backend")
  const names: Array<string> = []
  const claim: Fleet["claim"] = async (key) => {
    names.push(key)
    return undefined
  }
  const tier = fleetTier({ ...unreachableFleet, claim }, backend, true)
  if (tier !== undefined) await Effect.runPromise(tier.findStale(await fleetKeys(backend.instance)(token), 1000))
  const [name] = names
  if (name === undefined) throw new Error("expected a claim")
  return sealing.names("entry", name)[0]
}

/** 100,000 pairs take about three minutes: `LATCHKEY_PAIRS=100000` asks for them. */
const runs = Number(process.env.LATCHKEY_PAIRS ?? 1000)

describe("the keys of two configurations that differ in one member", () => {
  test("never cross, in memory and in the fleet", { timeout: 900_000 }, async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(pair, async ([one, other]) => {
        compared += 1
        const [first, second] = [keysOf(one), keysOf(other)]
        expect(await first.memory).not.toBe(await second.memory)
        expect(await first.name).not.toBe(await second.name)
      }),
      { numRuns: runs },
    )
    expect(compared).toBeGreaterThanOrEqual(runs)
  })

  test("are equal in two processes for equal configurations", async () => {
    const [sample] = fc.sample(config, 1)
    if (sample === undefined) throw new Error("expected a sample")
    expect(await keysOf(sample).name).toBe(await keysOf(structuredClone(sample)).name)
    expect(await keysOf(sample).name).not.toBe(await keysOf(sample, "another").name)
  })
})
