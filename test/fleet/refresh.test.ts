import * as Effect from "effect/Effect"
import type { AuthError, Tokens } from "latchkey"
import { beforeEach, describe, expect, test, vi } from "vitest"
import { type Process, startProcess } from "./processes.ts"
import { redisOfAllTests } from "./redis-of-file.ts"
import { hasRedis } from "./redis-server.ts"
import { type RotatingVendor, rotatingVendor } from "./rotating-vendor.ts"

const redis = redisOfAllTests()
const open: Array<Process> = []
let transport: RotatingVendor

const start = async (
  changes?: Parameters<typeof startProcess>[2],
  fleetOptions?: Parameters<typeof startProcess>[3],
): Promise<Process> => {
  const started = await startProcess(redis.port, transport, changes, fleetOptions)
  open.push(started)
  return started
}

const several = (count: number, ...args: Parameters<typeof start>) =>
  Promise.all(Array.from({ length: count }, () => start(...args)))

const pause = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, millis))

const errorOf = (call: Promise<Tokens>): Promise<AuthError> =>
  call.then(
    () => Promise.reject(new Error("expected an error")),
    (error: AuthError) => error,
  )

beforeEach(() => {
  transport = rotatingVendor()
  return async () => {
    for (const each of open.splice(0)) await each.close()
  }
})

describe.skipIf(!hasRedis)("refreshes with one refresh token", () => {
  test("in 8 processes with 20 calls each are one request, whose result all get", async () => {
    transport = rotatingVendor(150)
    const processes = await several(8)
    const calls = processes.flatMap(({ auth }) => Array.from({ length: 20 }, () => auth.refresh("together")))
    const results = await Promise.all(calls)
    expect(transport.asked()).toBe(1)
    expect(transport.reuses()).toBe(0)
    const [first] = results
    expect(new Set(results.map(({ accessToken }) => accessToken))).toEqual(new Set(["a of together"]))
    for (const { refreshToken, scopes, tokenType, expiresAt } of results) {
      expect({ refreshToken, scopes, tokenType }).toEqual({
        refreshToken: "together+",
        scopes: [],
        tokenType: "bearer",
      })
      expect(Math.abs((expiresAt?.getTime() ?? 0) - (first?.expiresAt?.getTime() ?? 0))).toBeLessThan(1000)
    }
  })

  test("get the result of an earlier one for at least 10 seconds, in every process", async () => {
    const [one, other] = [await start(), await start()]
    await one.auth.refresh("kept")
    await pause(10_000)
    expect(await other.auth.refresh("kept")).toMatchObject({ accessToken: "a of kept", refreshToken: "kept+" })
    expect(await one.auth.refresh("kept")).toMatchObject({ accessToken: "a of kept" })
    expect(transport.asked()).toBe(1)
  }, 20_000)

  test("get the error of an earlier one if the error is about the token", async () => {
    const [one, other] = [await start(), await start()]
    const first = await errorOf(one.auth.refresh("bad"))
    const second = await errorOf(other.auth.refresh("bad"))
    expect(second.reason).toEqual(first.reason)
    expect(second.reason._tag).toBe("InvalidGrant")
    expect(second.message).toBe(first.message)
    expect(transport.asked()).toBe(1)
  })

  test("share the error of an outage with those that wait, and with no later call", async () => {
    transport = rotatingVendor(100)
    const { respond } = transport
    const outage = { status: 503, headers: {}, body: "" }
    const [one, other] = [await start(), await start()]
    transport.respond = () => Effect.delay(Effect.succeed(outage), 100)
    const both = [errorOf(one.auth.refresh("outage")), errorOf(other.auth.refresh("outage"))]
    for (const error of await Promise.all(both))
      expect(error.reason).toMatchObject({ _tag: "Unavailable", status: 503 })
    expect(transport.asked()).toBe(1)
    transport.respond = respond
    expect(await other.auth.refresh("outage")).toMatchObject({ accessToken: "a of outage" })
    expect(transport.asked()).toBe(2)
  })

  test("wait for their own timeout and fail, without a request, while another process waits for its response", async () => {
    transport = rotatingVendor(1500)
    const [one, other] = [await start(), await start()]
    const first = one.auth.refresh("slow")
    await vi.waitFor(() => expect(transport.asked()).toBe(1))
    const before = performance.now()
    const error = await errorOf(other.auth.refresh("slow", { timeout: "600 millis" }))
    expect(performance.now() - before).toBeGreaterThanOrEqual(590)
    expect(error.reason._tag).toBe("Unavailable")
    expect(transport.asked()).toBe(1)
    expect(await first).toMatchObject({ accessToken: "a of slow" })
    // The call can be made again: the result is there.
    expect(await other.auth.refresh("slow")).toMatchObject({ accessToken: "a of slow" })
    expect(transport.asked()).toBe(1)
  })

  test("finish the request of a caller that gives up, so that the new tokens are not lost", async () => {
    transport = rotatingVendor(300)
    const [one, other] = [await start(), await start()]
    const given = errorOf(one.auth.refresh("given up", { timeout: "50 millis" }))
    await vi.waitFor(() => expect(transport.asked()).toBe(1))
    expect((await given).reason._tag).toBe("Unavailable")
    expect(await other.auth.refresh("given up")).toMatchObject({ refreshToken: "given up+" })
    expect(transport.asked()).toBe(1)
  })

  test("are separate for separate scopes, clients and refresh tokens", async () => {
    const [one, other, stranger] = [await start(), await start(), await start({ clientId: "another" })]
    await one.auth.refresh("bad 1", { scopes: ["a", "b"] }).catch(() => undefined)
    await other.auth.refresh("bad 1", { scopes: ["b", "a"] }).catch(() => undefined)
    expect(transport.asked()).toBe(1)
    for (const call of [
      () => other.auth.refresh("bad 1", { scopes: ["a"] }),
      () => other.auth.refresh("bad 1"),
      () => stranger.auth.refresh("bad 1"),
      () => other.auth.refresh("bad 2"),
    ])
      await call().catch(() => undefined)
    expect(transport.asked()).toBe(5)
  })

  test("get no kept result after the refresh token was revoked", async () => {
    const [one, other] = [await start(), await start()]
    await one.auth.refresh("revoked")
    await other.auth.revoke("revoked")
    expect((await errorOf(one.auth.refresh("revoked"))).reason._tag).toBe("InvalidGrant")
    expect(transport.asked()).toBe(2)
  })

  test("are separate requests with singleFlight: false", async () => {
    const [one, other] = await several(2, { singleFlight: false })
    await one?.auth.refresh("bad alone").catch(() => undefined)
    await other?.auth.refresh("bad alone").catch(() => undefined)
    expect(transport.asked()).toBe(2)
  })
})

describe.skipIf(!hasRedis)("exchanges of one code", () => {
  test("in several processes are one request", async () => {
    transport = rotatingVendor(100)
    const endpoints = { authorizationEndpoint: "https://id.example/auth", tokenEndpoint: "https://id.example/token" }
    const processes = await several(3, { endpoints, redirectUri: "https://app.example/callback" })
    const { transaction } = (await processes[0]?.auth.authorize({ scopes: ["read"] })) ?? {}
    if (transaction === undefined) throw new Error("expected a transaction")
    const url = `https://app.example/callback?code=c&state=${transaction.state}&iss=https%3A%2F%2Fid.example`
    const results = await Promise.all(processes.map(({ auth }) => auth.exchange(url, transaction)))
    expect(new Set(results.map(({ accessToken }) => accessToken))).toEqual(new Set(["a of c"]))
    expect(transport.asked()).toBe(1)
  })
})
