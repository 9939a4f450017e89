import { setTimeout as sleep } from "node:timers/promises"
import { createAuth } from "latchkey"
import { oidc } from "latchkey/oidc"
import { expect, test } from "vitest"
import { scripted } from "../bad-days/scripted-server.ts"
import { respond } from "../bad-days/scripts.ts"

const headers = { "content-type": "application/json" }

test("64 callers get answers within a second and a half of the end of an outage, over real sockets", async () => {
  let isDown = false
  await using server = await scripted((request) =>
    isDown ? request.socket.destroy() : respond(200, JSON.stringify({ active: false }), headers)(request),
  )
  const auth = createAuth(
    oidc({
      ...{ issuer: server.url, clientId: "app", clientSecret: "secret", insecureOrigins: [server.url] },
      endpoints: { introspectionEndpoint: `${server.url}/introspect` },
      log: () => undefined,
    }),
  )
  let lastFailureAt = 0
  let isOver = false
  const caller = async (number: number): Promise<void> => {
    for (let call = 0; !isOver; call++) {
      await auth.introspect(`token-${number}-${call}`, { freshness: "live" }).catch(() => {
        lastFailureAt = performance.now()
      })
      await sleep(10)
    }
  }
  const callers = Array.from({ length: 64 }, (_, number) => caller(number))
  await sleep(300)
  isDown = true
  await sleep(750)
  isDown = false
  const readyAt = performance.now()
  await sleep(2500)
  isOver = true
  await Promise.all(callers)
  await auth.close()
  expect(lastFailureAt).toBeGreaterThan(0)
  expect(lastFailureAt - readyAt).toBeLessThan(1500)
})
