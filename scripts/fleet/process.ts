/** One process of the fleet: it introspects tokens as it is told, and reports what it saw. */
import { createAuth } from "latchkey"
import { oidc } from "latchkey/oidc"
import { fleet } from "latchkey/redis"
import { createClient } from "redis"
import type { Order, Report } from "./orders.ts"
import { type MemberSettings, pause } from "./world.ts"

const { port, issuer, maxAge, isAlone, losesNews }: MemberSettings = JSON.parse(process.argv[2] ?? "{}")
const client = createClient({ socket: { host: "127.0.0.1", port }, disableOfflineQueue: true })
client.on("error", () => undefined)
await client.connect()
let commands = 0
const { sendCommand, duplicate } = client
/** A subscriber whose messages are lost. */
const deafDuplicate = () => {
  const subscriber = duplicate.call(client)
  const { subscribe } = subscriber
  return Object.assign(subscriber, {
    subscribe: (channel: string) => subscribe.call(subscriber, channel, () => undefined),
  })
}
Object.assign(client, {
  ...(losesNews && { duplicate: deafDuplicate }),
  sendCommand: (...args: Parameters<typeof sendCommand>) => {
    commands += 1
    return sendCommand.apply(client, args)
  },
})
const shared = fleet({ client, secret: "the secret of the fleet of a measurement" })
const endpoints = { introspectionEndpoint: `${issuer}/introspect`, revocationEndpoint: `${issuer}/revoke` }
const auth = createAuth(
  oidc(
    {
      ...{ issuer, clientId: "fleet", clientSecret: "secret", insecureOrigins: [issuer], endpoints },
      ...{ cache: { maxAge }, log: () => undefined },
    },
    isAlone ? {} : { fleet: shared },
  ),
)

/** Waits until the server answers on a connection that has its greeting. */
const connected = async (): Promise<void> => {
  while (!isAlone && (await shared.revision()) === undefined) await pause(20)
}

/** Introspects at a rate for some seconds, and reports errors, times and commands of each second. */
const load = async ({ tokens, rate, seconds }: Extract<Order, { readonly kind: "load" }>): Promise<Report> => {
  const times: Array<number> = []
  const commandsOf: Array<number> = []
  const calls: Array<Promise<void>> = []
  let errors = 0
  const call = async (token: string) => {
    const before = performance.now()
    try {
      await auth.introspect(token)
    } catch {
      errors += 1
    }
    times.push(performance.now() - before)
  }
  const start = performance.now()
  let sent = 0
  for (let second = 0; second < seconds; second++) {
    const before = commands
    while (performance.now() - start < (second + 1) * 1000) {
      const due = Math.min(((performance.now() - start) / 1000) * rate, rate * seconds)
      for (; sent < due; sent++) calls.push(call(tokens[sent % tokens.length] ?? ""))
      await pause(4)
    }
    commandsOf.push(commands - before)
  }
  await Promise.all(calls)
  times.sort((one, other) => one - other)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { errors, calls: times.length, p50: at(0.5), p99: at(0.99), commandsOf }
}

/** Introspects a token until it is inactive, and reports when. */
const watch = async ({ token, seconds }: Extract<Order, { readonly kind: "watch" }>): Promise<number> => {
  const until = Date.now() + seconds * 1000
  while (Date.now() < until) {
    const { active } = await auth.introspect(token)
    if (!active) return Date.now()
    await pause(2)
  }
  return Number.POSITIVE_INFINITY
}

process.on("message", async (order: Order) => {
  if (order.kind === "load") process.send?.(await load(order))
  if (order.kind === "watch") process.send?.({ seenAt: await watch(order) })
  if (order.kind === "revoke") {
    await auth.revoke(order.token)
    process.send?.({ revokedAt: Date.now() })
  }
  if (order.kind === "connect") {
    await connected()
    process.send?.("connected")
  }
  if (order.kind === "end") process.exit(0)
})
await connected()
process.send?.("ready")
