/** What a fleet leaves at the client, which belongs to the application. */
import { once } from "node:events"
import { Redis as Ioredis } from "ioredis"
import { Redis as Iovalkey } from "iovalkey"
import { fleet, type RedisClient } from "latchkey/redis"
import { createClient } from "redis"
import { describe, expect, test, vi } from "vitest"
import { secret } from "./clients.ts"
import { redisOfEachTest } from "./redis-of-file.ts"
import { hasRedis } from "./redis-server.ts"

/** A client without a listener of the application. */
interface Bare {
  readonly client: RedisClient
  readonly listenerCount: (event: string) => number
  readonly on: (event: string, listener: () => void) => unknown
  readonly close: () => void
}

const local = { host: "127.0.0.1" } as const

const open: Readonly<Record<"redis" | "ioredis" | "iovalkey", (port: number) => Promise<Bare>>> = {
  redis: async (port) => {
    const client = createClient({ socket: { ...local, port }, disableOfflineQueue: true })
    await client.connect()
    return bare(client, client, () => client.destroy())
  },
  ioredis: async (port) => {
    const client = new Ioredis({ ...local, port, enableOfflineQueue: false })
    await once(client, "ready")
    return bare(client, client, () => client.disconnect())
  },
  iovalkey: async (port) => {
    const client = new Iovalkey({ ...local, port, enableOfflineQueue: false })
    await once(client, "ready")
    return bare(client, client, () => client.disconnect())
  },
}

type Emitter = Pick<Bare, "listenerCount" | "on">

const bare = (client: RedisClient, emitter: Emitter, close: () => void): Bare => ({
  client,
  listenerCount: (event) => emitter.listenerCount(event),
  on: (event, listener) => emitter.on(event, listener),
  close,
})

const events = ["error", "reconnecting", "end", "close", "ready"] as const
const counts = ({ listenerCount }: Bare) => events.map(listenerCount)

describe.skipIf(!hasRedis).each(["redis", "ioredis", "iovalkey"] as const)("a client of %s", (name) => {
  const redis = redisOfEachTest()

  test("whose connection breaks after its fleet was closed does not end the process", async () => {
    const uncaught: Array<unknown> = []
    const note = (error: unknown) => uncaught.push(error)
    process.on("uncaughtException", note)
    // What ioredis and iovalkey do with an error that nobody listens to.
    using written = vi.spyOn(console, "error").mockImplementation(() => undefined)
    const used = await open[name](redis.port)
    await fleet({ client: used.client, secret }).close()
    let attempts = 0
    used.on("reconnecting", () => {
      attempts += 1
    })
    await redis.kill()
    await vi.waitFor(() => expect(attempts).toBeGreaterThan(1), { timeout: 10_000 })
    used.close()
    process.off("uncaughtException", note)
    expect(uncaught).toEqual([])
    expect(written.mock.calls.length > 0).toBe(name !== "redis")
  })

  test("has the listeners of the application alone after its fleet was closed", async () => {
    const used = await open[name](redis.port)
    used.on("error", () => undefined)
    const before = counts(used)
    for (let round = 0; round < 20; round++) await fleet({ client: used.client, secret }).close()
    expect(counts(used)).toEqual(before)
    used.close()
  })

  test("without a listener has at most one more after many fleets", async () => {
    const used = await open[name](redis.port)
    const [errors = 0, ...others] = counts(used)
    for (let round = 0; round < 20; round++) await fleet({ client: used.client, secret }).close()
    const [left, ...otherLeft] = counts(used)
    expect(left).toBe(errors + (name === "redis" ? 1 : 0))
    expect(otherLeft).toEqual(others)
    used.close()
  })
})
