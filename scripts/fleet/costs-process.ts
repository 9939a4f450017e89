/** Measures hits in a process without other work, and reports them to its parent. */
import { createAuth } from "latchkey"
import { oidc } from "latchkey/oidc"
import { fleet } from "latchkey/redis"
import { createClient } from "redis"
import { pause, tokensOf } from "./world.ts"

export interface Costs {
  /** The commands to the server during the local hits. */
  readonly commands: number
  /** Processor time of a local hit with a fleet, in microseconds. */
  readonly localHit: number
  /** The median, over pairs of rounds, of processor time with a fleet to that without. */
  readonly ratio: number
  /** In milliseconds, the median. */
  readonly fleetHit: number
  readonly request: number
}

const { port, issuer, rounds, tokens: count } = JSON.parse(process.argv[2] ?? "{}")
const endpoints = { introspectionEndpoint: `${issuer}/introspect` }
let commands = 0

const open = async (isAlone: boolean) => {
  const configuration = { issuer, clientId: "fleet", clientSecret: "secret", insecureOrigins: [issuer], endpoints }
  if (isAlone) return createAuth(oidc(configuration))
  const client = createClient({ socket: { host: "127.0.0.1", port }, disableOfflineQueue: true })
  await client.connect()
  const { sendCommand } = client
  Object.assign(client, {
    sendCommand: (...args: Parameters<typeof sendCommand>) => {
      commands += 1
      return sendCommand.apply(client, args)
    },
  })
  const shared = fleet({ client, secret: "the secret of the fleet of a measurement" })
  while ((await shared.revision()) === undefined) await pause(20)
  return createAuth(oidc(configuration, { fleet: shared }))
}

type Auth = Awaited<ReturnType<typeof open>>

const median = (numbers: ReadonlyArray<number>): number =>
  numbers.toSorted((one, other) => one - other)[numbers.length >> 1] ?? Number.NaN

const callsOfRound = 20_000

/** Returns the processor time of a local hit, in microseconds. */
const localHit = async (auth: Auth): Promise<number> => {
  const before = process.cpuUsage()
  for (let call = 0; call < callsOfRound; call++) await auth.introspect("local/c/one")
  const { user, system } = process.cpuUsage(before)
  return (user + system) / callsOfRound
}

const timeOf = async (auth: Auth, token: string): Promise<number> => {
  const before = performance.now()
  await auth.introspect(token)
  return performance.now() - before
}

const [storing, reading, alone] = [await open(false), await open(false), await open(true)]
for (const auth of [storing, alone]) await auth.introspect("local/c/one")
// The result is stored in the background.
await pause(100)
for (const auth of [storing, alone, storing, alone]) await localHit(auth)
const before = commands
const pairs: Array<readonly [withFleet: number, without: number]> = []
for (let round = 0; round < rounds; round++) {
  // Each comes first in every second round.
  const first = await localHit(round % 2 === 0 ? storing : alone)
  const second = await localHit(round % 2 === 0 ? alone : storing)
  pairs.push(round % 2 === 0 ? [first, second] : [second, first])
}
const commandsOfHits = commands - before

const tokens = tokensOf("costs", count)
for (const token of tokens) await storing.introspect(token)
await pause(200)
const hits: Array<number> = []
const requests: Array<number> = []
for (const token of tokens) {
  hits.push(await timeOf(reading, token))
  requests.push(await timeOf(alone, token))
}

process.send?.(
  {
    commands: commandsOfHits,
    localHit: median(pairs.map(([withFleet]) => withFleet)),
    ratio: median(pairs.map(([withFleet, without]) => withFleet / without)),
    fleetHit: median(hits),
    request: median(requests),
  } satisfies Costs,
  () => process.exit(0),
)
