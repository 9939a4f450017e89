/**
 * Starts eight processes on a real redis-server and judges what they share: requests for a token and lifetime, how soon a
 * revocation is seen, and what outages of the server cost. `--seconds N`: the length of each part, 60 by default.
 *
 * It fails if a goal is missed.
 */
import { type RedisServer, startRedis } from "../test/fleet/redis-server.ts"
import type { Report } from "./fleet/orders.ts"
import { type Member, startMember, startVendor } from "./fleet/world.ts"

const flag = process.argv.indexOf("--seconds")
const seconds = flag < 0 ? 60 : Number(process.argv[flag + 1])
const processes = 8
const lifetime = 10

const rows: Array<readonly [what: string, found: string, goal: string, isMet: boolean]> = []
const judge = (what: string, found: number, unit: string, most: number) =>
  rows.push([what, `${found.toFixed(found < 10 ? 3 : 0)} ${unit}`, `at most ${most}`, found <= most])
const show = (what: string, found: string) => rows.push([what, found, "", true])

const redis: RedisServer = await startRedis()
const vendor = await startVendor()
const settings = { port: redis.port, issuer: vendor.issuer, maxAge: `${lifetime} seconds` }
const start = (more: object = {}) => startMember({ ...settings, ...more })
const members: ReadonlyArray<Member> = await Promise.all(Array.from({ length: processes }, () => start()))
const tokens = (kind: string, count: number) => Array.from({ length: count }, (_, index) => `u${index}/c/${kind}`)

// Requests for each token and lifetime.
const before = vendor.count()
const load = { kind: "load", tokens: tokens("shared", 200), rate: 500, seconds } as const
const reports = await Promise.all(members.map((member) => member.ask<Report>(load)))
const lifetimes = Math.max(1, Math.ceil(seconds / lifetime))
judge("requests for a token and lifetime", (vendor.count() - before) / (200 * lifetimes), "requests", 1.05)
judge(
  "errors",
  reports.reduce((sum, { errors }) => sum + errors, 0),
  "errors",
  0,
)
show("p50 of a call", `${Math.max(...reports.map(({ p50 }) => p50)).toFixed(3)} ms`)

// How soon every process sees a revocation.
const delays: Array<number> = []
for (let round = 0; round < Math.max(5, seconds); round++) {
  const token = `revoked-${round}/c/one`
  const watching = members.map((member) =>
    member.ask<{ readonly seenAt: number }>({ kind: "watch", token, seconds: 12 }),
  )
  await new Promise((resolve) => setTimeout(resolve, 100))
  const revoker = await start()
  const { revokedAt } = await revoker.ask<{ readonly revokedAt: number }>({ kind: "revoke", token })
  const seen = await Promise.all(watching)
  delays.push(...seen.map(({ seenAt }) => Math.max(0, seenAt - revokedAt)))
  await revoker.end()
}
delays.sort((one, other) => one - other)
judge(
  "p99 until a revocation is seen",
  delays[Math.floor(delays.length * 0.99)] ?? Number.POSITIVE_INFINITY,
  "ms",
  1000,
)

// Outages of the server, at a thousand calls of new tokens a second in one process, beside a run without a fleet.
const [member] = members
const alone = await start({ isAlone: true })
const part = Math.max(5, Math.min(seconds, 12))
for (const [name, change, restore] of [
  ["frozen", async () => redis.freeze(), async () => redis.resume()],
  ["gone", redis.kill, redis.start],
] as const) {
  await change()
  const during = { kind: "load", tokens: tokens(name, 1000 * part), rate: 1000, seconds: part } as const
  const without = await alone.ask<Report>({ ...during, tokens: tokens(`${name}-alone`, 1000 * part) })
  const found = await member?.ask<Report>(during)
  await restore()
  if (found === undefined) throw new Error("no process")
  const [first = 0, ...later] = found.commandsOf
  judge(`${name}: errors`, found.errors, "errors", 0)
  judge(`${name}: commands in the first second`, first, "commands", 3)
  judge(
    `${name}: commands of two later seconds`,
    (2 * later.reduce((sum, each) => sum + each, 0)) / later.length,
    "commands",
    1.5,
  )
  show(`${name}: p99 with a fleet, and without`, `${found.p99.toFixed(1)} ms, ${without.p99.toFixed(1)} ms`)
}

for (const each of [...members, alone]) await each.end()
vendor.close()
await redis.close()
for (const [what, found, goal, isMet] of rows)
  console.log(`${isMet ? "ok    " : "MISSED"} ${what}: ${found}${goal && `, ${goal}`}`)
process.exit(rows.every(([, , , isMet]) => isMet) ? 0 : 1)
