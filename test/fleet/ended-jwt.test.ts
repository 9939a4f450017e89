/** The end of a session in one process, and JWTs that another one judges by their signature. */
import * as Effect from "effect/Effect"
import { createAuth } from "latchkey"
import { oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { type EndSessions, endSessionsOf } from "../../src/internal/end-sessions.ts"
import { audience, issuer, now, signingKey, token } from "../jwt/signing-keys.ts"
import { settings, vendor } from "../policies/vendor.ts"
import { json } from "../unit/scripted-transport.ts"
import { openFleet } from "./clients.ts"
import { redisOfEachTest } from "./redis-of-file.ts"
import { hasRedis } from "./redis-server.ts"

const key = signingKey("RS256")
const header = { typ: "at+jwt" }
const redis = redisOfEachTest()

type Answers = "introspection_or_signature" | "signature"

const startProcess = async (answers: Answers) => {
  const transport = vendor(() => Effect.succeed(json({ keys: [key.jwk] })))
  const fleet = await openFleet(redis.port, "redis", { deadline: "1 second" })
  await new Promise<void>((resolve) => fleet.onEnd(() => resolve()))
  const auth = createAuth(
    oidc({ ...settings, issuer, audience: [audience], token: { answers, jwt: {} } }, { transport, fleet }),
  )
  const endSessions: EndSessions = Reflect.get(auth, endSessionsOf)
  const isActive = async (jwt: string) => (await auth.introspect(jwt, { freshness: "local" })).active
  const close = async () => {
    await auth.close()
    await fleet.close()
  }
  return { fleet, endSessions, isActive, transport, [Symbol.asyncDispose]: close }
}

const ways: ReadonlyArray<Answers> = ["introspection_or_signature", "signature"]

describe.skipIf(!hasRedis).each(ways)("a JWT that is judged by its signature, where the answer is %s", (answers) => {
  test("is inactive in every process after the end of its session, and a later one is active", async () => {
    await using one = await startProcess(answers)
    await using other = await startProcess(answers)
    const tokens = await Promise.all([
      token(key, { sid: "s-1", iat: now - 60 }, header),
      token(key, { iat: now - 60 }, header),
      token(key, { iat: now }, header),
    ])
    const found = () => Promise.all(tokens.map(other.isActive))
    expect(await found()).toEqual([true, true, true])
    const told = new Promise<void>((resolve) => other.fleet.onEnd(() => resolve()))
    await one.endSessions({ issuer, subject: "user-1", session: "s-1", at: (now - 1) * 1000 })
    await told
    expect(await found()).toEqual([false, false, true])
    expect(other.transport.count("/introspect")).toBe(0)
  })

  test("stays active after another operation has ended tokens of its subject", async () => {
    await using one = await startProcess(answers)
    await using other = await startProcess(answers)
    const jwt = await token(key, { iat: now - 60 }, header)
    const told = new Promise<void>((resolve) => other.fleet.onEnd(() => resolve()))
    await one.fleet.end({ server: issuer, subject: "user-1" })
    await told
    expect(await other.isActive(jwt)).toBe(true)
  })

  test("stays active where the session of an equal subject at another server has ended", async () => {
    await using one = await startProcess(answers)
    await using other = await startProcess(answers)
    const jwt = await token(key, { iat: now - 60 }, header)
    const told = new Promise<void>((resolve) => other.fleet.onEnd(() => resolve()))
    await one.fleet.end({ server: "https://other.example", subject: "user-1", logout: { at: now * 1000 } })
    await told
    expect(await other.isActive(jwt)).toBe(true)
  })

  test("is a failed logout while the fleet does not confirm it, so that the sender tries again", async () => {
    await using one = await startProcess(answers)
    await redis.kill()
    await expect(one.endSessions({ subject: "user-1", at: now * 1000 })).rejects.toMatchObject({
      reason: { _tag: "Unavailable" },
    })
  })
})
