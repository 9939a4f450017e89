/**
 * Introspects a million new tokens, half of them active, and prints the memory in use. The introspection cache is
 * bounded: once it is full, the memory must stay flat.
 */
import * as Effect from "effect/Effect"
import { createAuth } from "latchkey"
import { oidc } from "latchkey/oidc"

const total = 1_000_000
const step = 100_000
const issuer = "https://id.example"
const exp = Math.floor(Date.now() / 1000) + 3600
const headers = { "content-type": "application/json" }
const active = JSON.stringify({
  active: true,
  token_use: "access_token",
  sub: "user",
  scope: "read write",
  exp,
  iss: issuer,
})
const inactive = JSON.stringify({ active: false })

let requests = 0
const auth = createAuth(
  oidc(
    { issuer, clientId: "flood", clientSecret: "secret", endpoints: { introspectionEndpoint: `${issuer}/introspect` } },
    {
      transport: {
        send: () => Effect.succeed({ status: 200, headers, body: requests++ % 2 === 0 ? active : inactive }),
      },
    },
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
  `${requests} requests; resident memory grew by ${((grown - 1) * 100).toFixed(0)} % from the first three to the last three`,
)
if (grown > 1.25) process.exitCode = 1
