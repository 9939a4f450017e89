/**
 * The measured process: in each wave, all callers introspect the same new token at once. It reports the largest number
 * of requests to the vendor in a wave, and the processor time per caller.
 */
import { randomUUID } from "node:crypto"
import { setTimeout } from "node:timers/promises"
import { activeClaims } from "../ory-claims.ts"
import type { MakeIntrospect } from "./peer.ts"

export interface Job {
  readonly callers: number
  readonly waves: number
}

const [name = ""] = process.argv.slice(2)
const { make }: { make: MakeIntrospect } = await import(`../${name}.ts`)

const vendorMillis = 5
const claims = activeClaims("https://ory.example")
let upstreamCalls = 0
const introspect = make(async () => {
  upstreamCalls++
  await setTimeout(vendorMillis)
  return claims
})

const wave = async (callers: number): Promise<number> => {
  const before = upstreamCalls
  const token = `ory_at_${randomUUID()}`
  const answers = await Promise.all(Array.from({ length: callers }, () => introspect(token)))
  if (!answers.every(({ active }) => active)) throw new Error(`${name} rejected a valid token`)
  return upstreamCalls - before
}

process.once("message", async ({ callers, waves }: Job) => {
  const calls: Array<number> = []
  const start = process.cpuUsage()
  for (let index = 0; index < waves; index++) calls.push(await wave(callers))
  const { user, system } = process.cpuUsage(start)
  const cpuPerCaller = (user + system) / (callers * waves)
  process.send?.({ upstreamCalls: Math.max(...calls), cpuPerCaller }, () => process.disconnect())
})
