import type { RedisFleet } from "latchkey/redis"
import { createClient } from "redis"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { openFleet, secret } from "./clients.ts"
import { hasRedis, type RedisServer, startRedis } from "./redis-server.ts"

const server = "https://id.example"

describe.skipIf(!hasRedis)("somebody who can write to the server", () => {
  let redis: RedisServer
  let fleet: RedisFleet
  const admin = () => createClient({ socket: { port: redis.port } })
  let client: ReturnType<typeof admin>
  beforeAll(async () => {
    redis = await startRedis()
    fleet = await openFleet(redis.port, "redis", { deadline: "1 second" })
    client = admin()
    await client.connect()
  })
  afterAll(async () => {
    client.destroy()
    await fleet.close()
    await redis.close()
  })

  /** Stores a value, and returns the name and the text under which the server has it. */
  const stored = async (key: string): Promise<readonly [name: string, text: string]> => {
    const before = new Set(await client.keys("*"))
    const revision = (await fleet.revision()) ?? ""
    await fleet.put(key, `state of ${key}`, { revision, parties: { server, token: key }, lifetime: 60_000 })
    const [name = ""] = (await client.keys("*")).filter((each) => !before.has(each) && !each.endsWith(":state"))
    return [name, (await client.get(name)) ?? ""]
  }

  test("changes no byte of an entry without making it a miss", async () => {
    const [name, text] = await stored("each byte")
    expect(await fleet.find("each byte")).toBeDefined()
    const accepted: Array<number> = []
    for (let at = 0; at < text.length; at++) {
      const flipped = String.fromCharCode(text.charCodeAt(at) ^ 1)
      await client.set(name, text.slice(0, at) + flipped + text.slice(at + 1))
      if ((await fleet.find("each byte")) !== undefined) accepted.push(at)
    }
    expect(accepted).toEqual([])
    expect(text.length).toBeGreaterThan(150)
    await client.set(name, text)
    expect(await fleet.find("each byte")).toBeDefined()
  })

  test("changes no byte of a value without making it a miss", async () => {
    const before = new Set(await client.keys("*"))
    await fleet.set("a value", "text", 60_000)
    const [name = ""] = (await client.keys("*")).filter((each) => !before.has(each))
    const text = (await client.get(name)) ?? ""
    for (let at = 0; at < text.length; at++) {
      await client.set(name, text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1))
      expect(await fleet.get("a value")).toBeUndefined()
    }
  })

  test("gives one token the answer of another one in no way", async () => {
    const [one, oneText] = await stored("one")
    const [two, twoText] = await stored("two")
    await client.set(one, twoText)
    await client.set(two, oneText)
    expect([await fleet.find("one"), await fleet.find("two")]).toEqual([undefined, undefined])
  })

  test("does not bring back an entry after its revocation", async () => {
    const [name, text] = await stored("revoked")
    await fleet.end({ server, token: "revoked" })
    await client.set(name, text)
    expect(await fleet.find("revoked")).toBeUndefined()
  })

  test("sees neither tokens, nor subjects, nor answers, nor what is ended", async () => {
    const news: Array<string> = []
    const listener = client.duplicate()
    await listener.connect()
    await listener.subscribe("{latchkey}:news", (message) => news.push(message))
    await stored("a-token-in-plain-text")
    await fleet.end({ server, subject: "a-subject-in-plain-text" })
    const keys = await client.keys("*")
    const texts = await Promise.all(
      keys.map(async (key) =>
        (await client.type(key)) === "hash" ? JSON.stringify(await client.hGetAll(key)) : await client.get(key),
      ),
    )
    listener.destroy()
    expect(news).toHaveLength(1)
    const all = [...keys, ...texts, ...news].join("\n")
    for (const secretText of ["plain-text", "state of", server, secret]) expect(all).not.toContain(secretText)
  })

  test("makes a process forget its local answers by a message that the fleet did not send, and no more", async () => {
    const seen: Array<unknown> = []
    const end = fleet.onEnd((each) => seen.push(each))
    await vi.waitFor(() => expect(seen).toEqual(["unknown"]))
    await client.publish("{latchkey}:news", JSON.stringify({ from: "x", ends: [{ server, subject: "user-1" }] }))
    await vi.waitFor(() => expect(seen).toEqual(["unknown", "unknown"]))
    end()
  })

  test("makes values of another type misses, and no errors", async () => {
    const [name] = await stored("a list")
    await client.del(name)
    await client.lPush(name, "x")
    expect(await fleet.find("a list")).toBeUndefined()
    await client.del(name)
  })
})

describe.skipIf(!hasRedis)("while one secret replaces another", () => {
  test("processes with the old secret, with both and with the new one see each other's ends", async () => {
    const redis = await startRedis()
    const newSecret = "the next secret of the fleet, with more than 32 bytes"
    const patient = { deadline: "1 second" } as const
    const old = await openFleet(redis.port, "redis", patient)
    const both = await openFleet(redis.port, "redis", { ...patient, secret: newSecret, oldSecret: secret })
    const next = await openFleet(redis.port, "redis", { ...patient, secret: newSecret })
    const put = async (fleet: RedisFleet, key: string) =>
      fleet.put(key, "value", {
        ...{ revision: (await fleet.revision()) ?? "", lifetime: 60_000 },
        parties: { server, subject: "user-1" },
      })
    await put(old, "of the old one")
    expect(await both.find("of the old one")).toBeDefined()
    await put(both, "of both")
    expect([await next.find("of both"), await old.find("of both")]).toMatchObject([{ value: "value" }, undefined])
    await old.end({ server, subject: "user-1" })
    expect([await both.find("of the old one"), await both.find("of both")]).toEqual([undefined, undefined])
    await put(old, "again")
    await put(both, "again too")
    await both.end({ server, subject: "user-1" })
    expect([await old.find("again"), await both.find("again too")]).toEqual([undefined, undefined])
    expect(await old.lock("a lock", 60_000)).toBeTypeOf("object")
    expect(await both.lock("a lock", 60_000)).toBe("taken")
    for (const fleet of [old, both, next]) await fleet.close()
    await redis.close()
  })
})
