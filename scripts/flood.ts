/**
 * Introspects a million new tokens, half of them active, and prints the memory in use. The introspection cache is
 * bounded: once it is full, the memory must stay flat.
 *
 * With `--short`, it introspects 60,000 tokens and judges by counts: one request for each token, the first tokens are
 * evicted, and the last ones are cached.
 */
import * as Effect from "effect/Effect"
import { createAuth } from "latchkey"
import { oidc } from "latchkey/oidc"

const isShort = process.argv.includes("--short")
const total = isShort ? 60_000 : 1_000_000
const step = total / 10
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

const tokenAt = (index: number): string => `token-${String(index).padStart(64, "0")}`

const series: Array<number> = []
for (let done = 1; done <= total; done++) {
  await auth.introspect(tokenAt(done))
  if (done % step !== 0) continue
  const { heapUsed, rss } = process.memoryUsage()
  series.push(rss)
  const [heap, resident] = [heapUsed, rss].map((bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`)
  console.log(`${String(done).padStart(9)} tokens  heap ${heap?.padStart(8)}  resident ${resident?.padStart(8)}`)
}

/** How many of these tokens make a request when they are presented again. */
const requestsAgain = async (tokens: ReadonlyArray<string>): Promise<number> => {
  const before = requests
  for (const token of tokens) await auth.introspect(token)
  return requests - before
}

if (isShort) {
  const sent = requests
  // Active tokens are odd: inactive ones are cached for two seconds only.
  const last = await requestsAgain(Array.from({ length: 50 }, (_, index) => tokenAt(total - 99 + 2 * index)))
  const first = await requestsAgain(Array.from({ length: 50 }, (_, index) => tokenAt(1 + 2 * index)))
  console.log(`${sent} requests for ${total} tokens; again: ${last} of the last 50 and ${first} of the first 50`)
  if (sent !== total || last !== 0 || first !== 50) process.exitCode = 1
}
await auth.close()

const early = Math.max(...series.slice(0, 3))
const late = Math.max(...series.slice(-3))
const grown = late / early
console.log(
  `${requests} requests; resident memory grew by ${((grown - 1) * 100).toFixed(0)} % from the first three to the last three`,
)
if (!isShort && grown > 1.25) process.exitCode = 1
