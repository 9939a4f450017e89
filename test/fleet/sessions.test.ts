import type { AnyAuth } from "latchkey"
import { describe, expect, test, vi } from "vitest"
import { type EndSessions, endSessionsOf } from "../../src/internal/end-sessions.ts"
import { makeVendor, type Process, startProcess } from "./processes.ts"
import { redisOfEachTest } from "./redis-of-file.ts"
import { hasRedis } from "./redis-server.ts"

const redis = redisOfEachTest()

/** What a logout handler calls. */
const endOf = (auth: Partial<AnyAuth>): EndSessions => Reflect.get(auth, endSessionsOf)

const tokens = ["u1/c1/1/s1", "u1/c1/2/s2", "u1/c1/3", "u2/c1/1/s3"]

describe.skipIf(!hasRedis)("the end of a session in one process", () => {
  const askedAgain = async (ended: Parameters<EndSessions>[0]) => {
    const transport = makeVendor()
    await using one = await startProcess(redis.port, transport)
    await using other = await startProcess(redis.port, transport)
    const answered: Array<ReadonlyArray<string>> = []
    const askedBy = async ({ auth }: Process) => {
      const asked: Array<string> = []
      for (const token of tokens) {
        const before = transport.count("/introspect")
        await auth.introspect(token)
        if (transport.count("/introspect") > before) asked.push(token)
      }
      return asked
    }
    await askedBy(one)
    await askedBy(other)
    const seen = new Promise<void>((resolve) => other.fleet.onEnd(() => resolve()))
    await endOf(one.auth)(ended)
    await seen
    answered.push(await askedBy(other))
    await using third = await startProcess(redis.port, transport)
    answered.push(await askedBy(third))
    return answered
  }

  test.each<readonly [string, Parameters<EndSessions>[0], ReadonlyArray<string>]>([
    ["a session of a subject", { subject: "u1", session: "s1" }, ["u1/c1/1/s1", "u1/c1/3"]],
    ["every session of a subject", { subject: "u1" }, ["u1/c1/1/s1", "u1/c1/2/s2", "u1/c1/3"]],
  ])("ends the answers of %s in the others and in the fleet, and no other", async (_, ended, expected) => {
    expect(await askedAgain(ended)).toEqual([expected, []])
  })

  test("rejects if the fleet does not confirm it, so that the sender tries again", async () => {
    await using process = await startProcess(redis.port, makeVendor(), {}, {})
    await redis.kill()
    await vi.waitFor(() =>
      expect(endOf(process.auth)({ subject: "u1" })).rejects.toMatchObject({ reason: { _tag: "Unavailable" } }),
    )
  })
})
