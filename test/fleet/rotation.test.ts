import { type OryEmulator, startOry } from "@latchkey/testing"
import { createAuth } from "latchkey"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { introspect, shop, userTokens } from "../emulator/ory-steps.ts"
import { openFleet } from "./clients.ts"
import { hasRedis, type RedisServer, startRedis } from "./redis-server.ts"

let ory: OryEmulator
let redis: RedisServer
beforeAll(async () => {
  ory = await startOry({ seed: { clients: [shop] } })
  if (hasRedis) redis = await startRedis()
})
afterAll(async () => {
  await ory.close()
  if (hasRedis) await redis.close()
})

const start = async () => {
  const fleet = await openFleet(redis.port, "redis", { deadline: "1 second" })
  const auth = createAuth(
    {
      provider: "oidc",
      issuer: ory.issuer,
      clientId: shop.client_id,
      clientSecret: shop.client_secret,
      insecureOrigins: [new URL(ory.issuer).origin, new URL(ory.publicUrl).origin],
      endpoints: { tokenEndpoint: `${ory.publicUrl}/oauth2/token` },
    },
    { fleet },
  )
  const close = async () => {
    await auth.close()
    await fleet.close()
  }
  return { auth, close }
}

const refreshes = () => ory.requests.filter(({ body }) => body.includes("grant_type=refresh_token")).length

describe.skipIf(!hasRedis)("a server that ends the grant when a refresh token is used twice", () => {
  test("sees each refresh token once, while four processes refresh with the present and the previous one", async () => {
    const processes = await Promise.all(Array.from({ length: 4 }, start))
    let present = String((await userTokens(ory)).refresh_token)
    let previous: string | undefined
    for (let round = 1; round <= 6; round++) {
      const calls = processes.flatMap(({ auth }) => [
        auth.refresh(present),
        auth.refresh(present),
        ...(previous === undefined ? [] : [auth.refresh(previous)]),
      ])
      const results = await Promise.all(calls)
      expect(refreshes()).toBe(round)
      const next = results[0]?.refreshToken ?? ""
      expect(next).not.toBe(present)
      expect(await introspect(ory, results[0]?.accessToken)).toMatchObject({ active: true, sub: "u1" })
      previous = present
      present = next
    }
    for (const { close } of processes) await close()
  })
})
