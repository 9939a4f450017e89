import type { KindeEmulator } from "@latchkey/testing"
import { createClient } from "redis"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { type KindeAuth, machineTokensOf, open, startTenant, web } from "../kinde/tenant.ts"
import { openFleet } from "./clients.ts"
import { hasRedis, type RedisServer, startRedis } from "./redis-server.ts"

let redis: RedisServer
let emulator: KindeEmulator
const closing: Array<() => Promise<void>> = []

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] })
  emulator = await startTenant()
  if (hasRedis) redis = await startRedis()
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  vi.useRealTimers()
  await emulator.close()
  if (hasRedis) await redis.close()
})

const start = async (): Promise<KindeAuth> => {
  const fleet = await openFleet(redis.port, "redis", { deadline: "1 second" })
  const auth = open(emulator, {}, { fleet })
  closing.push(async () => {
    await auth.close()
    await fleet.close()
  })
  return auth
}

const processes = (count: number) => Promise.all(Array.from({ length: count }, start))

const nameOf = async (auth: KindeAuth) => (await auth.clients.get(web.clientId)).name

/** Waits until a result is stored. */
const stored = () => new Promise((resolve) => setTimeout(resolve, 30))

describe.skipIf(!hasRedis)("the token for a vendor's management API", () => {
  test("is bought once for 8 processes", async () => {
    const all = await processes(8)
    await nameOf(all[0] as KindeAuth)
    await stored()
    expect(await Promise.all(all.map(nameOf))).toEqual(Array(8).fill("Web"))
    expect(machineTokensOf(emulator)).toBe(1)
  })

  test("is bought once for 8 processes that need it at the same time", async () => {
    expect(await Promise.all((await processes(8)).map(nameOf))).toEqual(Array(8).fill("Web"))
    expect(machineTokensOf(emulator)).toBe(1)
  })

  test("is replaced once for all processes when the vendor rejects it", async () => {
    const all = await processes(4)
    for (const auth of all) {
      await nameOf(auth)
      await stored()
    }
    emulator.rotateKeys({ keepOld: false })
    vi.setSystemTime(Date.now() + 120_000)
    for (const auth of all) {
      expect(await nameOf(auth)).toBe("Web")
      await stored()
    }
    expect(machineTokensOf(emulator)).toBe(2)
  })

  test("is a miss when a stranger changes a byte of it, and is not visible", async () => {
    const [first, other] = await processes(2)
    await nameOf(first as KindeAuth)
    await stored()
    const admin = createClient({ socket: { port: redis.port } })
    await admin.connect()
    const names = (await admin.keys("*")).filter((name) => !name.endsWith(":state"))
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) {
      const text = (await admin.get(name)) ?? ""
      expect(text).not.toContain("access")
      const at = text.length - 10
      await admin.set(name, text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1))
    }
    expect(await nameOf(other as KindeAuth)).toBe("Web")
    expect(machineTokensOf(emulator)).toBe(2)
    admin.destroy()
  })
})
