/** What tokens cost in the server, and whether a revocation costs more with many of them. */
import { fleet } from "latchkey/redis"
import { createClient } from "redis"
import { headerText, readRevision } from "../../src/redis/entry-text.ts"
import { partyTexts } from "../../src/redis/parties.ts"
import { makeSealing } from "../../src/redis/sealing.ts"
import { startRedis } from "../../test/fleet/redis-server.ts"
import type { Table } from "./table.ts"
import { pause } from "./world.ts"

const secret = "the secret of the fleet of a measurement"
const server = "https://id.example"
const sealing = makeSealing([secret])
const lifetime = 3_600_000

/** The answer of a vendor as the fleet stores it, with the members of a usual access token. */
const stateText = (index: number): string =>
  JSON.stringify({
    ...{ active: true, token_use: "access_token", sub: `user-${index}`, client_id: `client-${index % 50}` },
    ...{ scope: "orders:read orders:write profile", iss: server, aud: "https://api.example", exp: 1_900_000_000 },
    ...{ iat: 1_800_000_000, jti: `0190b2c4-7d5e-7a51-9f3a-${String(index).padStart(12, "0")}` },
  })

const partiesOf = (index: number) =>
  ({ server, subject: `user-${index}`, clientId: `client-${index % 50}`, token: `token-${index}` }) as const

type Client = ReturnType<typeof makeClient>
const makeClient = (port: number) => createClient({ socket: { host: "127.0.0.1", port }, disableOfflineQueue: true })

/** Stores entries in the format of the fleet: many commands in each write, because one at a time takes minutes. */
const store = async (client: Client, revision: string, from: number, to: number): Promise<void> => {
  const read = readRevision(revision)
  if (read === undefined) throw new Error(`expected a revision, found ${revision}`)
  for (let start = from; start < to; start += 1000) {
    const commands: Array<Promise<unknown>> = []
    for (let index = start; index < Math.min(to, start + 1000); index++) {
      const [name] = sealing.names("entry", `token-${index}`)
      const key = `{latchkey}:${name}`
      const parties = partyTexts(partiesOf(index)).flatMap((text) => sealing.names("party", text))
      const header = headerText({ ...read, parties })
      const text = header + sealing.seal(stateText(index), `${key}\n${header}`)
      commands.push(client.sendCommand(["SET", key, text, "PX", String(lifetime)]))
    }
    await Promise.all(commands)
  }
}

const usedMemory = async (client: Client): Promise<number> =>
  Number(/used_memory:(\d+)/.exec(await client.info("memory"))?.[1])

const ends = 300

/** Ends tokens. Returns the time that the server takes for each, in microseconds, by its own statistics. */
const costOfEnd = async (client: Client, shared: ReturnType<typeof fleet>, from: number): Promise<number> => {
  await client.configResetStat()
  for (let index = from; index < from + ends; index++)
    if (!(await shared.end({ server, token: `token-${index}` }))) throw new Error("an end was not confirmed")
  const statistics = /cmdstat_evalsha:calls=(\d+),usec=(\d+)/.exec(await client.info("commandstats"))
  if (Number(statistics?.[1]) !== ends) throw new Error(`expected ${ends} commands, found ${statistics?.[0]}`)
  return Number(statistics?.[2]) / ends
}

/** Stores a thousand tokens and then `many`, on a server of its own. */
export const measureMemory = async (table: Table, many: number | undefined): Promise<void> => {
  const redis = await startRedis()
  const client = makeClient(redis.port)
  await client.connect()
  const shared = fleet({ client, secret, deadline: "1 second" })
  let revision = await shared.revision()
  while (revision === undefined) {
    await pause(20)
    revision = await shared.revision()
  }
  const few = 1000
  const before = await usedMemory(client)
  await store(client, revision, 0, few)
  table.figure(`memory of a token in the server, of ${few}`, ((await usedMemory(client)) - before) / few, "bytes")
  const found = await shared.find("token-7")
  table.count("tokens of 1 in this format that the fleet does not read", found?.value === stateText(7) ? 0 : 1, 0)
  await costOfEnd(client, shared, 0)
  const cost = await costOfEnd(client, shared, ends)
  table.figure(`a revocation with ${few} tokens, time of the server`, cost, "us")
  if (many !== undefined) {
    await store(client, revision, few, many)
    const stored = await client.dbSize()
    table.count(`tokens of ${many} that were not stored`, Math.max(0, many - stored), 0)
    table.figure(`memory of a token in the server, of ${many}`, ((await usedMemory(client)) - before) / many, "bytes")
    const costOfMany = await costOfEnd(client, shared, 2 * ends)
    table.figure(`a revocation with ${many} tokens, time of the server`, costOfMany, "us")
    table.figure("a revocation with many tokens / with few, time of the server", costOfMany / cost, "", 2)
  }
  await shared.close()
  client.destroy()
  await redis.close()
}
