/**
 * Starts eight processes on a real redis-server and judges what they share: requests for a token and lifetime, how soon a
 * revocation is seen, what outages of the server cost, and what a hit costs.
 *
 * `--seconds N`: the length of the load, 60 by default. `--quick`: a run of less than 40 seconds, judged by counts only.
 * `--million`: also stores a million tokens, and compares the cost of a revocation.
 *
 * It fails if a goal is missed.
 */
import { type RedisServer, startRedis } from "../test/fleet/redis-server.ts"
import { measureCosts } from "./fleet/costs.ts"
import { measureMemory } from "./fleet/memory.ts"
import { measureFull, measureRestart, measureSilence } from "./fleet/outages.ts"
import { measureRequests, measureRevocations } from "./fleet/sharing.ts"
import { makeTable } from "./fleet/table.ts"
import { type Member, startMember, startVendor } from "./fleet/world.ts"

const isQuick = process.argv.includes("--quick")
const flag = process.argv.indexOf("--seconds")
const seconds = flag < 0 ? (isQuick ? 6 : 60) : Number(process.argv[flag + 1])
const lifetime = isQuick ? 2 : 10
const processes = 8

const table = makeTable(isQuick)
const redis: RedisServer = await startRedis()
const vendor = await startVendor()
const settings = { port: redis.port, issuer: vendor.issuer, maxAge: `${lifetime} seconds` as const }
const members: ReadonlyArray<Member> = await Promise.all(Array.from({ length: processes }, () => startMember(settings)))
const sharing = { members, table, seconds, lifetime, requests: vendor.count }
await measureRequests(sharing)
await measureRevocations(sharing, settings, isQuick ? 3 : 60)
for (const each of members) await each.end()

// Entries outlive the outages of the server.
const lasting = { ...settings, maxAge: "60 seconds" as const }
const [one, other] = await Promise.all([startMember(lasting), startMember(lasting)])
const alone = isQuick ? undefined : await startMember({ ...lasting, isAlone: true })
const part = isQuick ? 3 : 12
const outages = { redis, table, seconds: part, one, other, alone, requests: vendor.count }
await measureSilence(outages)
await measureFull(outages)
await measureRestart(outages)
for (const each of [one, other, ...(alone === undefined ? [] : [alone])]) await each.end()
vendor.close()

await measureCosts(redis.port, table, isQuick)
await measureMemory(table, process.argv.includes("--million") ? 1_000_000 : undefined)
await redis.close()
process.exit(table.print() ? 0 : 1)
