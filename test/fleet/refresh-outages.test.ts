import { type ChildProcess, spawn } from "node:child_process"
import { createServer, type Server } from "node:http"
import { createAuth } from "latchkey"
import { beforeEach, describe, expect, test, vi } from "vitest"
import { openFleet } from "./clients.ts"
import { startProcess } from "./processes.ts"
import { redisOfEachTest } from "./redis-of-file.ts"
import { hasRedis } from "./redis-server.ts"
import { type RotatingVendor, rotatingVendor } from "./rotating-vendor.ts"

const redis = redisOfEachTest()
let transport: RotatingVendor

beforeEach(() => {
  transport = rotatingVendor(200)
})

const start = (changes: Parameters<typeof startProcess>[2] = {}) => startProcess(redis.port, transport, changes, {})

const reasonOf = (call: Promise<unknown>): Promise<{ readonly _tag: string; readonly detail?: string } | undefined> =>
  call.then(
    () => undefined,
    (error) => error.reason,
  )

const sent = (count: number) => vi.waitFor(() => expect(transport.asked()).toBe(count), { interval: 2 })

const isReachable = async ({ fleet }: Awaited<ReturnType<typeof start>>) =>
  vi.waitFor(async () => expect(await fleet.revision()).toBeDefined(), { timeout: 5000, interval: 20 })

describe.skipIf(!hasRedis)("refreshes while the store does not answer", () => {
  test.each(["hangs", "is gone"] as const)("are shared in each process when it %s before", async (outage) => {
    await using one = await start()
    await using other = await start()
    for (const each of [one, other]) await isReachable(each)
    if (outage === "hangs") redis.freeze()
    else await redis.kill()
    const ours = await Promise.all([one, one, one].map(({ auth }) => auth.refresh("before")))
    expect(ours.map(({ accessToken }) => accessToken)).toEqual(Array(3).fill("a of before"))
    expect(transport.asked()).toBe(1)
    // The other process does not know of it, and the vendor answers as without a fleet.
    expect(await reasonOf(other.auth.refresh("before"))).toMatchObject({ _tag: "InvalidGrant" })
    redis.resume()
  })

  test.each(["hangs", "is gone"] as const)(
    "send nothing from another process when it %s between the lock and the result",
    async (outage) => {
      await using one = await start()
      await using other = await start()
      for (const each of [one, other]) await isReachable(each)
      const leading = one.auth.refresh("during")
      await sent(1)
      const waiting = reasonOf(other.auth.refresh("during", { timeout: "700 millis" }))
      await new Promise((resolve) => setTimeout(resolve, 50))
      if (outage === "hangs") redis.freeze()
      else await redis.kill()
      expect(await leading).toMatchObject({ accessToken: "a of during" })
      expect(await waiting).toMatchObject({ _tag: "Unavailable" })
      expect(transport.asked()).toBe(1)
      expect(transport.reuses()).toBe(0)
      redis.resume()
    },
  )

  test("find the result when it answers again", async () => {
    await using one = await start()
    await using other = await start()
    for (const each of [one, other]) await isReachable(each)
    await one.auth.refresh("after")
    redis.freeze()
    await new Promise((resolve) => setTimeout(resolve, 100))
    redis.resume()
    await isReachable(other)
    expect(await other.auth.refresh("after")).toMatchObject({ accessToken: "a of after" })
    expect(transport.asked()).toBe(1)
  })
})

/** A vendor over HTTP that holds every response until it is told to answer. */
const startVendor = async () => {
  const held: Array<() => void> = []
  const server: Server = createServer((request, response) => {
    request.resume()
    response.on("error", () => undefined)
    held.push(() => {
      response.setHeader("content-type", "application/json")
      response.end(JSON.stringify({ access_token: "new", token_type: "bearer", expires_in: 60, refresh_token: "next" }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const issuer = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { issuer, held, [Symbol.asyncDispose]: close }
}

const startLeader = (issuer: string): ChildProcess =>
  spawn(
    process.execPath,
    ["--conditions=latchkey-source", "test/fleet/leader-process.ts", String(redis.port), issuer, "token"],
    { stdio: "ignore" },
  )

describe.skipIf(!hasRedis)("the process that sends a refresh", () => {
  test("dies: the others send nothing until its lock ends, and then one of them asks once", async () => {
    await using vendor = await startVendor()
    const leader = startLeader(vendor.issuer)
    await vi.waitFor(() => expect(vendor.held).toHaveLength(1), { timeout: 10_000, interval: 5 })
    const lockedAt = performance.now()
    await using fleet = await openFleet(redis.port, "redis", { deadline: "1 second" })
    const settings = {
      provider: "oidc",
      issuer: vendor.issuer,
      clientId: "service",
      clientSecret: "a secret of ours",
      insecureOrigins: [vendor.issuer],
      timeout: "2 seconds",
      endpoints: { tokenEndpoint: `${vendor.issuer}/token` },
    } as const
    await using auth = createAuth(settings, { fleet })
    const died = new Promise((resolve) => leader.once("exit", resolve))
    leader.kill("SIGKILL")
    await died
    expect(await reasonOf(auth.refresh("token", { timeout: "500 millis" }))).toMatchObject({ _tag: "Unavailable" })
    expect(vendor.held).toHaveLength(1)
    // A call with more time ends when the lock has: it does not ask either.
    expect(await reasonOf(auth.refresh("token", { timeout: "20 seconds" }))).toMatchObject({
      _tag: "Unavailable",
      detail: expect.stringContaining("nothing was sent"),
    })
    expect(performance.now() - lockedAt).toBeGreaterThan(2900)
    expect(vendor.held).toHaveLength(1)
    const next = auth.refresh("token")
    await vi.waitFor(() => expect(vendor.held).toHaveLength(2))
    vendor.held[1]?.()
    expect(await next).toMatchObject({ accessToken: "new" })
    expect(vendor.held).toHaveLength(2)
  }, 30_000)
})
