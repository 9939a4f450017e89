/** A redis-server for the tests of a file. */
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest"
import { hasRedis, type RedisServer, startRedis } from "./redis-server.ts"

type Before = (use: () => Promise<void>) => void

const serverBetween = (before: Before, after: Before): RedisServer => {
  let running: RedisServer | undefined
  before(async () => {
    if (hasRedis) running = await startRedis()
  })
  after(async () => running?.close())
  const server = (): RedisServer => {
    if (running === undefined) throw new Error("the server is there while a test runs")
    return running
  }
  return {
    get port() {
      return server().port
    },
    freeze: () => server().freeze(),
    resume: () => server().resume(),
    kill: () => server().kill(),
    start: () => server().start(),
    close: () => server().close(),
    [Symbol.asyncDispose]: () => server().close(),
  }
}

/** Starts a server before each test, and closes it afterwards. */
export const redisOfEachTest = (): RedisServer => serverBetween(beforeEach, afterEach)

/** Starts a server before all tests, and closes it afterwards. */
export const redisOfAllTests = (): RedisServer => serverBetween(beforeAll, afterAll)
