/** Processes at one vendor, on one server for the tests of a file. Each test has a new vendor, and its processes end with it. */
import { beforeEach } from "vitest"
import type { Vendor } from "../policies/vendor.ts"
import { makeVendor, type Process, startProcess } from "./processes.ts"
import { redisOfAllTests } from "./redis-of-file.ts"
import type { RedisServer } from "./redis-server.ts"

type Changes = Parameters<typeof startProcess>[2]

export interface ProcessesOfFile {
  readonly redis: RedisServer
  /** The tokens that the vendor calls inactive. */
  readonly ended: Set<string>
  /** The vendor of the present test. A test may replace it before it starts processes. */
  transport: Vendor
  /** How often the vendor was asked about a token. */
  readonly asked: () => number
  readonly start: (changes?: Changes, transport?: Vendor) => Promise<Process["auth"]>
}

export const processesOfFile = (): ProcessesOfFile => {
  const redis = redisOfAllTests()
  const open: Array<Process> = []
  const ended = new Set<string>()
  const world: ProcessesOfFile = {
    redis,
    ended,
    transport: makeVendor(ended),
    asked: () => world.transport.count("/introspect"),
    start: async (changes, transport = world.transport) => {
      const started = await startProcess(redis.port, transport, changes)
      open.push(started)
      return started.auth
    },
  }
  beforeEach(() => {
    ended.clear()
    world.transport = makeVendor(ended)
    return async () => {
      for (const each of open.splice(0)) await each.close()
    }
  })
  return world
}
