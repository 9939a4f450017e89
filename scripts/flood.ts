/**
 * Asks about a million tokens that nobody has seen before, half of them good, and shows what is in memory as it goes
 * on. What is
 * remembered is bounded: after the bounds are reached the series must be flat.
 */
import * as Effect from "effect/Effect"
import { createAuth } from "latchkey"
import { oidc } from "latchkey/oidc"

const total = 1_000_000
const step = 100_000
const issuer = "https://id.example"
const exp = Math.floor(Date.now() / 1000) + 3600
const headers = { "content-type": "application/json" }
const good = JSON.stringify({
  active: true,
  token_use: "access_token",
  sub: "user",
  scope: "read write",
  exp,
  iss: issuer,
})
const bad = JSON.stringify({ active: false })

let asked = 0
const auth = createAuth(
  oidc(
    { issuer, clientId: "flood", clientSecret: "secret", endpoints: { introspectionEndpoint: `${issuer}/introspect` } },
    { transport: { send: () => Effect.succeed({ status: 200, headers, body: asked++ % 2 === 0 ? good : bad }) } },
  ),
)

const series: Array<number> = []
for (let done = 1; done <= total; done++) {
  await auth.introspect(crypto.randomUUID() + crypto.randomUUID())
  if (done % step !== 0) continue
  const { heapUsed, rss } = process.memoryUsage()
  series.push(rss)
  const [heap, resident] = [heapUsed, rss].map((bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`)
  console.log(`${String(done).padStart(9)} tokens  heap ${heap?.padStart(8)}  resident ${resident?.padStart(8)}`)
}
await auth.close()

const early = Math.max(...series.slice(0, 3))
const late = Math.max(...series.slice(-3))
const grown = late / early
console.log(
  `${asked} asked; resident memory grew by ${((grown - 1) * 100).toFixed(0)} % from the first three to the last three`,
)
if (grown > 1.25) process.exitCode = 1
