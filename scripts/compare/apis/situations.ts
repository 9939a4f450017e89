/** The situations in which the APIs are compared. */
import type { Outage } from "../../outage/failing-server.ts"
import { startVendor, type Vendor } from "../../outage/vendor.ts"
import type { BetterAuth } from "../better-auth.ts"
import { marked } from "../judge.ts"
import type { Table } from "../table.ts"
import { withoutErrors } from "../without-errors.ts"
import { type ApiServer, type Protect, peersWith, scope, startApi } from "./servers.ts"

interface Situation {
  readonly name: string
  /** Whether the response is right, for a reader of the table. */
  readonly right: string
  /** Whether the table has the time until the response. */
  readonly isTimed?: true
  /** Sends requests to a new server, and returns the last response. */
  readonly play: (world: World) => Promise<Answer>
}

interface World {
  readonly vendor: Vendor
  readonly api: ApiServer
}

interface Answer {
  /** Absent: there was none within {@link patience}. */
  readonly response: Response | undefined
  readonly seconds: number
}

/** A client waits this many seconds. */
const patience = 8

const send = async ({ api }: World, token: string | undefined, query = ""): Promise<Answer> => {
  const startedAt = performance.now()
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const signal = AbortSignal.timeout(patience * 1000)
  const response = await fetch(api.url + query, { headers, signal }).catch((error: unknown) => {
    if (signal.aborted) return undefined
    throw error
  })
  await response?.arrayBuffer()
  return { response, seconds: (performance.now() - startedAt) / 1000 }
}

const good = (vendor: Vendor, claims: Readonly<Record<string, unknown>> = {}): Promise<string> =>
  vendor.jwt({ scope, ...claims })

/** A JWT with other claims. */
const withClaims =
  (claims: () => Readonly<Record<string, unknown>>): Situation["play"] =>
  async (world) =>
    send(world, await good(world.vendor, claims()))

/** A good JWT, at a server that has not seen the vendor before the outage. */
const during =
  (how: Outage): Situation["play"] =>
  async (world) => {
    const token = await good(world.vendor)
    await world.vendor.goDown(how)
    return send(world, token)
  }

/** A server that has seen a token, and then the vendor is gone. */
const afterwards =
  (isSame: boolean): Situation["play"] =>
  async (world) => {
    const token = await good(world.vendor)
    await send(world, token)
    const next = isSame ? token : await good(world.vendor)
    await world.vendor.goDown("refused")
    return send(world, next)
  }

const situations: ReadonlyArray<Situation> = [
  { name: "a good JWT", right: "200", play: withClaims(() => ({})) },
  { name: "no token", right: "401", play: (world) => send(world, undefined) },
  {
    name: "a JWT with a wrong signature",
    right: "401",
    play: async (world) => send(world, `${(await good(world.vendor)).slice(0, -8)}AAAAAAAA`),
  },
  { name: "a JWT for another API", right: "401", play: withClaims(() => ({ aud: "https://other.example" })) },
  { name: "an expired JWT", right: "401", play: withClaims(() => ({ exp: Math.floor(Date.now() / 1000) - 600 })) },
  { name: "a JWT without the scope", right: "403", play: withClaims(() => ({ scope: "other" })) },
  {
    name: "a JWT that is bound to a DPoP key, without a proof",
    right: "401",
    play: withClaims(() => ({ cnf: { jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" } })),
  },
  {
    name: "two tokens, in the header and in the query",
    right: "400",
    play: async (world) => send(world, await good(world.vendor), "?access_token=another"),
  },
  { name: "a good opaque token", right: "200", play: (world) => send(world, "good-opaque-token") },
  {
    name: "a JWT that was revoked at the vendor",
    right: "401",
    play: async (world) => {
      const token = await good(world.vendor)
      world.vendor.revoke(token)
      return send(world, token)
    },
  },
  { name: "the vendor refuses connections; its keys are not known yet", right: "503", play: during("refused") },
  { name: "the vendor answers 503; its keys are not known yet", right: "503", play: during("failing") },
  {
    name: "the vendor does not answer; its keys are not known yet",
    right: "503",
    isTimed: true,
    play: during("hanging"),
  },
  { name: "the vendor is gone, and the same JWT comes again", right: "200", play: afterwards(true) },
  { name: "the vendor is gone, and a new JWT comes", right: "200 or 503", play: afterwards(false) },
]

const cellOf = ({ response, seconds }: Answer, isTimed = false): string => {
  if (response === undefined) return `none within ${patience} s`
  const after = response.headers.has("retry-after") ? " with `Retry-After`" : ""
  return `${response.status}${after}${isTimed ? `, after ${Math.floor(seconds)} s` : ""}`
}

/** Plays every situation with every peer, each with a vendor and a server of its own: all peers at the same time. */
export const compareApis = async (betterAuth?: BetterAuth): Promise<Table> => {
  const peers = peersWith(betterAuth)
  const rows: Array<ReadonlyArray<string>> = []
  for (const { name, right, isTimed, play } of situations) {
    const playWith = async (protect: Protect) => {
      await using vendor = await startVendor()
      await using api = await startApi(protect, vendor.url)
      return marked(right, cellOf(await play({ vendor, api }), isTimed))
    }
    const cells = await withoutErrors(() => Promise.all(Object.values(peers).map(playWith)))
    rows.push([name, right, ...cells])
  }
  return [["the request has", "right", ...Object.keys(peers)], ...rows]
}
