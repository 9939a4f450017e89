import { fleet as makeFleet, type NodeRedisClient } from "latchkey/redis"
import { createClient } from "redis"
import { describe, expect, test, vi } from "vitest"
import { clientNames, clients, openFleet, secret } from "./clients.ts"
import { makeVendor, startProcess } from "./processes.ts"
import { redisOfEachTest } from "./redis-of-file.ts"
import { hasRedis, startRedis } from "./redis-server.ts"

const server = "https://id.example"
const redis = redisOfEachTest()

const pause = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, millis))

/** Opens a fleet that counts the commands that reach its client. */
const counted = async () => {
  const { client, close } = await clients.redis(redis.port)
  const node = client as NodeRedisClient
  let sent = 0
  const counting: NodeRedisClient = {
    ...{ options: node.options, isReady: true },
    sendCommand: (args) => {
      sent += 1
      return node.sendCommand(args)
    },
    duplicate: () => node.duplicate(),
    on: (event, listener) => node.on(event, listener),
    off: (event, listener) => node.off(event, listener),
  }
  return { fleet: makeFleet({ client: counting, secret }), count: () => sent, close }
}

const isWarm = async (fleet: { readonly revision: () => Promise<unknown> }) =>
  vi.waitFor(async () => expect(await fleet.revision()).toBeDefined(), { timeout: 5000, interval: 50 })

describe.skipIf(!hasRedis)("a server that hangs", () => {
  test.each(clientNames)("delays a command of %s by its deadline and no longer", async (name) => {
    await using fleet = await openFleet(redis.port, name)
    await isWarm(fleet)
    redis.freeze()
    const before = performance.now()
    expect(await fleet.revision()).toBeUndefined()
    const took = performance.now() - before
    redis.resume()
    expect(took).toBeGreaterThanOrEqual(24)
    expect(took).toBeLessThan(500)
  })

  test("gets at most three commands that wait for their deadline, and then one in two seconds", async () => {
    const { fleet, count, close } = await counted()
    await isWarm(fleet)
    redis.freeze()
    const frozen = count()
    const load = async (millis: number) => {
      const until = performance.now() + millis
      const calls: Array<Promise<unknown>> = []
      while (performance.now() < until) {
        calls.push(fleet.claim("k", { maxAge: 1000, lockFor: 1000 }))
        await pause(1)
      }
      return Promise.all(calls)
    }
    const answers = await load(1000)
    expect(count() - frozen).toBeLessThanOrEqual(3)
    expect(new Set(answers)).toEqual(new Set([undefined]))
    await load(4200)
    expect(count() - frozen).toBeLessThanOrEqual(6)
    expect(count() - frozen).toBeGreaterThanOrEqual(4)
    redis.resume()
    await isWarm(fleet)
    await fleet.close()
    await close()
  })

  test("fails no introspection, and no revocation, which it reports", async () => {
    const transport = makeVendor()
    await using process = await startProcess(redis.port, transport, {}, {})
    await isWarm(process.fleet)
    redis.freeze()
    for (let index = 0; index < 20; index++)
      expect(await process.auth.introspect(`u1/c1/${index}`)).toMatchObject({ active: true })
    await process.auth.revoke("u1/c1/0")
    redis.resume()
    expect(process.events).toContainEqual({ _tag: "RevocationUnshared", provider: "oidc", operation: "revoke" })
  })
})

describe.skipIf(!hasRedis)("a server that is gone", () => {
  test("fails no call, drops the local answers once, and is used again when it is back", async () => {
    const transport = makeVendor()
    await using process = await startProcess(redis.port, transport)
    await process.auth.introspect("u1/c1/gone")
    await redis.kill()
    await vi.waitFor(async () => {
      transport.requests.length = 0
      await process.auth.introspect("u1/c1/gone")
      expect(transport.count("/introspect")).toBe(1)
    })
    // While the client tries to connect again, the local cache is used as without a fleet.
    await pause(400)
    transport.requests.length = 0
    for (let index = 0; index < 50; index++) await process.auth.introspect("u1/c1/gone")
    expect(transport.count("/introspect")).toBe(0)
    await redis.start()
    await vi.waitFor(async () => expect(await process.fleet.revision()).toBeDefined(), { timeout: 10_000 })
  })
})

describe.skipIf(!hasRedis)("a server that starts again", () => {
  test("without its data has no entry, also where an entry from before is written back", async () => {
    const patient = { deadline: "1 second" } as const
    await using fleet = await openFleet(redis.port, "redis", patient)
    const admin = createClient({ socket: { port: redis.port } })
    admin.on("error", () => undefined)
    await admin.connect()
    const revision = (await fleet.revision()) ?? ""
    const options = { revision, parties: { server, subject: "u" }, lifetime: 60_000 }
    await fleet.put("k", "value", options)
    const [name = ""] = (await admin.keys("*")).filter((key) => !key.endsWith(":state"))
    const text = (await admin.get(name)) ?? ""
    await redis.kill()
    await redis.start()
    await vi.waitFor(async () => expect(await fleet.revision()).toBeDefined(), { timeout: 10_000 })
    await vi.waitFor(() => admin.set(name, text))
    expect(await fleet.find("k")).toBeUndefined()
    // An answer that was requested before the start is not stored either.
    await fleet.put("other", "value", options)
    expect(await fleet.find("other")).toBeUndefined()
    admin.destroy()
  })

  test("with old data has no entry: it may have lost ends", async () => {
    await using lasting = await startRedis(["--appendonly", "yes", "--appendfsync", "always"])
    const patient = { deadline: "1 second" } as const
    await using fleet = await openFleet(lasting.port, "redis", patient)
    const revision = (await fleet.revision()) ?? ""
    await fleet.put("k", "value", { revision, parties: { server, subject: "u" }, lifetime: 60_000 })
    expect(await fleet.find("k")).toBeDefined()
    await lasting.kill()
    await lasting.start()
    await vi.waitFor(async () => expect(await fleet.revision()).toBeDefined(), { timeout: 10_000 })
    expect(await fleet.find("k")).toBeUndefined()
  })

  test("and loses its state alone, by an eviction, has no entry", async () => {
    await using fleet = await openFleet(redis.port, "redis", { deadline: "1 second" })
    const admin = createClient({ socket: { port: redis.port } })
    await admin.connect()
    const revision = (await fleet.revision()) ?? ""
    await fleet.put("k", "value", { revision, parties: { server }, lifetime: 60_000 })
    await admin.del("{latchkey}:state")
    expect(await fleet.find("k")).toBeUndefined()
    admin.destroy()
  })
})
