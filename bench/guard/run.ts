/** Runs one server under load: the client, the server and the vendor are processes of their own. */
import { randomBytes } from "node:crypto"
import { inFreshProcess, next, start } from "../children.ts"
import { type Material, makeMaterial } from "../jwt/material.ts"
import type { Round } from "../rounds.ts"
import type { Prepared, Run } from "../suite.ts"
import type { Answered, Load, Setting } from "./job.ts"

/** Numbers of requests. */
interface Sizes {
  readonly warmUp: number
  /** Requests in bursts, whose processor time counts. */
  readonly counted: number
  /** Requests whose latency counts. */
  readonly timed: number
}

/** One case: which tokens reach which framework. */
interface Scene extends Sizes {
  readonly framework: string
  readonly kind: Setting["kind"]
  readonly algorithm: "RS256" | "ES256"
  readonly tokens: number
  readonly quick: Sizes
  readonly isQuick: boolean
}

const materials = new Map<string, Promise<Material>>()

/** Signing takes seconds, so that cases share their tokens. */
const materialOf = (algorithm: Scene["algorithm"], count: number): Promise<Material> => {
  const name = `${algorithm} ${count}`
  const made = materials.get(name) ?? makeMaterial(algorithm, count)
  materials.set(name, made)
  return made
}

const opaque = (): string => `good_at_${randomBytes(60).toString("base64url")}`

/** Starts a vendor, and a client that has the tokens. */
const startScene = async (tokens: ReadonlyArray<string>, jwk: object) => {
  const [vendor, client] = [start("guard/vendor.ts"), start("guard/client.ts")]
  vendor.send(jwk)
  const port = await next<number>(vendor)
  const ask = <Answer>(message: object): Promise<Answer> => {
    client.send(message)
    return next<Answer>(client)
  }
  await ask({ tokens })
  const stop = () => {
    for (const child of [vendor, client]) child.disconnect()
  }
  return { vendor: `http://127.0.0.1:${port}`, ask, stop }
}

/** Prepares a case: each run is a new server. */
export const prepared = async (scene: Scene): Promise<Prepared> => {
  const { framework, kind, algorithm, tokens: count, isQuick } = scene
  const { warmUp, counted, timed } = isQuick ? scene.quick : scene
  const { tokens: jwts, trust, forged } = await materialOf(algorithm, isQuick ? warmUpCount(scene) : count)
  const tokens = kind === "jwt" ? jwts : Array.from({ length: count }, opaque)
  const { vendor, ask, stop } = await startScene(tokens, trust.jwk)
  const setting: Setting = { vendor, kind, trust, known: tokens.slice(0, 100) }
  const run = (peer: string): Promise<Run> =>
    inFreshProcess("guard/server.ts", [`${framework}/${peer}`], async (server) => {
      server.send(setting)
      const port = await next<number>(server)
      const usage = (): Promise<number> => {
        server.send("usage")
        return next<number>(server)
      }
      const status = await ask<string>({ try: { port, token: kind === "jwt" ? forged : "bad" } })
      if (peer !== "none" && status !== "401") throw new Error(`an invalid token got ${status}`)
      const load = (requests: number, inBursts: boolean) =>
        ask<Answered>({ load: { port, requests, inBursts } satisfies Load })
      await load(warmUp, true)
      const before = await usage()
      await load(counted, true)
      const cpuPerRequest = ((await usage()) - before) / counted
      const { requestsPerSecond, p99 } = await load(timed, false)
      server.disconnect()
      return { cpuPerRequest, requestsPerSecond, p99 }
    })
  return { about: `64 connections, tokens of ${tokens[0]?.length} bytes`, run, derive: withAdded, stop }
}

/** The number of tokens that a short run needs. */
const warmUpCount = ({ tokens, quick }: Scene): number => Math.min(tokens, quick.warmUp + quick.counted + quick.timed)

/** Adds what a guard costs over the server alone, and over a call of `introspect`, of the same round. */
const withAdded = (round: Round): Round => {
  const cpuOf = (peer: string): number => round.get(peer)?.cpuPerRequest ?? Number.NaN
  return new Map(
    Array.from(round, ([peer, run]) => [
      peer,
      { ...run, added: cpuOf(peer) - cpuOf("none"), overIntrospect: cpuOf(peer) - cpuOf("introspect") },
    ]),
  )
}
