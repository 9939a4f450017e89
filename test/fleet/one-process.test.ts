/** Several clients of one process that share a fleet. */
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { createAuth, type Fleet } from "latchkey"
import { define, settings as members, oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { fleetOfProvider } from "../../src/adapters/oidc/fleet-of-provider.ts"
import { settings } from "../policies/vendor.ts"
import { openFleet } from "./clients.ts"
import { makeVendor } from "./processes.ts"
import { redisOfEachTest } from "./redis-of-file.ts"
import { hasRedis } from "./redis-server.ts"
import { unreachableFleet } from "./unreachable-fleet.ts"

const token = "u1/c1/1"
const redis = redisOfEachTest()

describe("the fleet of a provider", () => {
  test("tells what it ends to the other providers of the process alone, after the fleet has answered", async () => {
    const heard: Array<string> = []
    const fleet: Fleet = {
      ...unreachableFleet,
      end: async () => {
        heard.push("fleet")
        return true
      },
    }
    const open = (name: string) =>
      Effect.map(fleetOfProvider(fleet), (own) => {
        own.onEnd(() => heard.push(name))
        return own
      })
    const scope = Scope.makeUnsafe()
    const first = await Effect.runPromise(Scope.provide(open("first"), scope))
    const second = await Effect.runPromise(Effect.scoped(open("closed")))
    const third = await Effect.runPromise(Scope.provide(open("third"), scope))
    expect(await first.end({ server: "https://id.example" })).toBe(true)
    await third.end({ server: "https://id.example" })
    await second.end({ server: "https://id.example" })
    expect(heard).toEqual(["fleet", "third", "fleet", "first", "fleet", "first", "third"])
  })
})

describe.skipIf(!hasRedis)("two clients of one process that share a fleet", () => {
  const open = async () => {
    const ended = new Set<string>()
    const transport = makeVendor(ended)
    const fleet = await openFleet(redis.port, "redis", { deadline: "1 second" })
    // The first report comes with the subscription, and drops every local answer.
    await new Promise<void>((resolve) => fleet.onEnd(() => resolve()))
    const one = createAuth(oidc(settings, { transport, fleet }))
    const other = createAuth(oidc({ ...settings, clientId: "another" }, { transport, fleet }))
    return { ended, transport, fleet, one, other }
  }

  test("have different client ids, and get a revocation by the other one before revoke returns", async () => {
    const { ended, fleet, one, other } = await open()
    expect(await other.introspect(token)).toMatchObject({ active: true })
    ended.add(token)
    await one.revoke(token)
    expect(await other.introspect(token)).toEqual({ active: false })
    await Promise.all([one.close(), other.close(), fleet.close()])
  })

  test("leave nothing in the fleet when they are closed", async () => {
    const { fleet, one, other } = await open()
    let listeners = 0
    const counted = {
      ...fleet,
      onEnd: (listener: Parameters<typeof fleet.onEnd>[0]) => {
        listeners += 1
        const end = fleet.onEnd(listener)
        return () => {
          listeners -= 1
          end()
        }
      },
    }
    const client = createAuth(oidc(settings, { transport: makeVendor(), fleet: counted }))
    expect(listeners).toBeGreaterThan(0)
    await client.close()
    expect(listeners).toBe(0)
    await Promise.all([one.close(), other.close(), fleet.close()])
  })

  test("share no answer if their adapters differ, although their configurations are equal", async () => {
    const transport = makeVendor()
    const fleet = await openFleet(redis.port, "redis", { deadline: "1 second" })
    const { issuer, endpoints, clientId, clientSecret } = settings
    const adapterOf = (id: string) =>
      define({
        id,
        config: z.strictObject(members),
        can: ["introspect"],
        server: () => ({ issuer, metadataUrl: issuer, endpoints, clientAuth: "client_secret_basic" }),
      })
    const clients = ["first", "second"].map((id) =>
      createAuth(adapterOf(id)({ clientId, clientSecret }, { transport, fleet })),
    )
    for (const client of clients) await client.introspect(token)
    expect(transport.count("/introspect")).toBe(2)
    for (const client of clients) await client.close()
    await fleet.close()
  })
})
