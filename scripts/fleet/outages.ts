/** What outages of the server cost, at a thousand calls of new tokens a second in one process. */
import { createClient } from "redis"
import type { RedisServer } from "../../test/fleet/redis-server.ts"
import type { Report } from "./orders.ts"
import type { Table } from "./table.ts"
import { type Member, pause, tokensOf } from "./world.ts"

const rate = 1000

interface Outages {
  readonly redis: RedisServer
  readonly table: Table
  /** The length of each outage. */
  readonly seconds: number
  /** Two processes of the fleet, and one without a fleet; absent: no comparison. */
  readonly one: Member
  readonly other: Member
  readonly alone: Member | undefined
  readonly requests: () => number
}

const loadOf = (name: string, seconds: number) =>
  ({ kind: "load", tokens: tokensOf(name, rate * seconds), rate, seconds }) as const

const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((total, each) => total + each, 0)

/** The load of a process without a fleet, just before that of an outage: it shows what the machine does at that time. */
const loadAlone = ({ alone, seconds }: Outages, name: string): Promise<Report | undefined> =>
  alone?.ask<Report>(loadOf(`${name}-alone`, seconds)) ?? Promise.resolve(undefined)

const printTimes = ({ table }: Outages, name: string, found: Report, without: Report | undefined): void => {
  table.figure(`${name}: p99 of a call`, found.p99, "ms")
  if (without !== undefined) table.figure(`${name}: p99 of a call without a fleet`, without.p99, "ms")
}

/** The server hangs, and then it is gone: nothing answers. */
export const measureSilence = async (outages: Outages): Promise<void> => {
  const { redis, table, seconds, one, alone } = outages
  // Each process runs its code once before.
  for (const member of [one, alone]) await member?.ask(loadOf("warm", 1))
  for (const [name, change, restore] of [
    ["frozen", async () => redis.freeze(), async () => redis.resume()],
    ["gone", redis.kill, redis.start],
  ] as const) {
    const without = await loadAlone(outages, name)
    await change()
    const found = await one.ask<Report>(loadOf(name, seconds))
    await restore()
    const [first = 0, ...later] = found.commandsOf
    table.count(`${name}: errors in ${found.calls} calls`, found.errors, 0)
    table.count(`${name}: commands in the first second`, first, 3)
    table.count(`${name}: commands of two later seconds`, (2 * sum(later)) / later.length, 1.5)
    printTimes(outages, name, found, without)
  }
}

/** Introspects tokens one after the other. Returns how many requests that takes. */
const requestsFor = async ({ requests }: Outages, member: Member, tokens: ReadonlyArray<string>): Promise<number> => {
  const before = requests()
  await member.ask({ kind: "load", tokens, rate: 100, seconds: tokens.length / 100 })
  return requests() - before
}

/** The server has no memory left: it answers writes with an error. */
export const measureFull = async (outages: Outages): Promise<void> => {
  const { redis, table, seconds, one, other } = outages
  const without = await loadAlone(outages, "full")
  const kept = tokensOf("kept", 50)
  for (const member of [one, other]) await member.ask({ kind: "connect" })
  await requestsFor(outages, one, kept)
  const admin = createClient({ socket: { port: redis.port } })
  await admin.connect()
  await admin.configSet({ maxmemory: "1", "maxmemory-policy": "noeviction" })
  const [found, read] = [await one.ask<Report>(loadOf("full", seconds)), await requestsFor(outages, other, kept)]
  await admin.configSet({ maxmemory: "0" })
  admin.destroy()
  table.count(`full: errors in ${found.calls} calls`, found.errors, 0)
  table.count("full: requests for 50 tokens that were stored before", read, 0, 5)
  printTimes(outages, "full", found, without)
}

/** The server starts again without its data, in the middle of the load. */
export const measureRestart = async (outages: Outages): Promise<void> => {
  const { redis, table, seconds, one, other } = outages
  const without = await loadAlone(outages, "restarted")
  const loading = one.ask<Report>(loadOf("restarted", seconds))
  await pause(1000)
  await redis.kill()
  await redis.start()
  const found = await loading
  for (const member of [one, other]) await member.ask({ kind: "connect" })
  const tokens = tokensOf("after", 50)
  const asked = await requestsFor(outages, one, tokens)
  const again = await requestsFor(outages, other, tokens)
  table.count(`started again, empty: errors in ${found.calls} calls`, found.errors, 0)
  table.count("started again, empty: requests of two processes for 50 new tokens", asked + again, 52, 60)
  printTimes(outages, "started again, empty", found, without)
}
