/** One outage under load, and its goals. */
import type { Outage } from "./failing-server.ts"
import { countsOf, latencyOf, loadOf, type Response } from "./load.ts"
import { peers, startLatchkey } from "./servers.ts"
import { startVendor } from "./vendor.ts"

export interface Sizes {
  /** Requests a second. */
  readonly rate: number
  /** The length of the outage in seconds. */
  readonly seconds: number
}

/** What an outage led to. */
export interface Found {
  readonly title: string
  readonly lines: ReadonlyArray<string>
  /** The missed goals. */
  readonly missed: ReadonlyArray<string>
}

/** How long the load goes on after the vendor's return, in seconds. */
const after = 4
const recoveryMillis = 2000
const refusedP99 = 50
/** A short outage is judged without its begin, when requests are still repeated: it is more than a hundredth of them. */
const beginMillis = 1000
const shortSeconds = 60
const hangingMax = 3500

const isPause = (retryAfter: string | undefined): boolean => /^[1-9]\d?$/.test(retryAfter ?? "")

/** Whether every request that is sent after the pause of a refusal is answered, once the vendor is back. */
const isPauseTrue = (responses: ReadonlyArray<Response>, returnedAt: number): boolean => {
  const refused = responses.filter(({ status, sentAt }) => status === 503 && sentAt >= returnedAt)
  const ends = refused.map(({ sentAt, latency, retryAfter }) => sentAt + latency + Number(retryAfter) * 1000)
  const latest = Math.max(...refused.map(({ sentAt }) => sentAt))
  return refused.length === 0 || latest < Math.min(...ends)
}

/** Gives the milliseconds from the vendor's return to the last response that was not good. */
const recoveryOf = (responses: ReadonlyArray<Response>, returnedAt: number): number =>
  Math.max(0, ...responses.filter(({ status }) => status !== 200).map(({ sentAt }) => sentAt - returnedAt))

/** The goals of the responses during the outage, each with whether it is met. */
const goalsOf = (
  how: Outage,
  during: ReadonlyArray<Response>,
  judged: ReadonlyArray<Response>,
  recovery: number,
): Readonly<Record<string, boolean>> => ({
  "a request was answered with 503": during.some(({ status }) => status === 503),
  "every status is 503, or 200 for a cached token": during.every(({ status }) => status === 503 || status === 200),
  "Retry-After is 1 to 99 seconds in every 503": during.every(
    ({ status, retryAfter }) => status === 200 || isPause(retryAfter),
  ),
  ...(how === "refused"
    ? { [`p99 is at most ${refusedP99} ms`]: latencyOf(judged, 0.99) <= refusedP99 }
    : { [`every response comes within ${hangingMax} ms`]: latencyOf(during, 1) <= hangingMax }),
  [`good again within ${recoveryMillis} ms`]: recovery <= recoveryMillis,
})

/** Half of the requests have one of twenty tokens that are known before the outage; the others have tokens of their own. */
const tokenOf = (name: string) => (index: number) => (index % 2 === 0 ? warm(index / 2) : `good-${name}-${index}`)
const warm = (index: number): string => `good-warm-${index % 20}`

/** Runs one outage of latchkey's vendor. */
export const outage = async (how: Outage, { rate, seconds }: Sizes): Promise<Found> => {
  await using vendor = await startVendor()
  await using server = await startLatchkey(vendor.url, "introspection")
  using load = loadOf(server.port)
  // Compiles the code, and fills the cache.
  await load.atRate(rate, 1, tokenOf("before"))
  await vendor.goDown(how)
  const downAt = performance.now()
  const during = load.atRate(rate, seconds, tokenOf("during"))
  const [down] = await Promise.all([during, comeBackAfter(seconds, vendor.comeBack)])
  const returnedAt = performance.now()
  const up = await load.atRate(rate, after, tokenOf("after"))
  const recovery = recoveryOf(up, returnedAt)
  const waits = new Set(down.flatMap(({ retryAfter }) => retryAfter ?? []))
  const isShort = seconds < shortSeconds
  const judged = isShort ? down.filter(({ sentAt }) => sentAt - downAt > beginMillis) : down
  const goals = Object.entries({
    ...goalsOf(how, down, judged, recovery),
    "after the vendor's return, Retry-After is true": isPauseTrue(up, returnedAt),
  })
  return {
    title: `connections ${how} for ${seconds} s at ${rate} requests/s`,
    lines: [
      `during: ${countsOf(down)}; Retry-After ${[...waits].toSorted().join(", ")}`,
      `latency: ${latencyLine(down)}${isShort ? `; after the first second: ${latencyLine(judged)}` : ""}; of the cached tokens: ${latencyLine(down.filter(({ status }) => status === 200))}`,
      `after: ${countsOf(up)}; good again after ${recovery.toFixed(0)} ms`,
    ],
    missed: goals.flatMap(([goal, isMet]) => (isMet ? [] : [goal])),
  }
}

const comeBackAfter = (seconds: number, comeBack: () => Promise<void>): Promise<void> =>
  new Promise((resolve, reject) => {
    setTimeout(() => comeBack().then(resolve, reject), seconds * 1000)
  })

const latencyLine = (responses: ReadonlyArray<Response>): string =>
  [0.5, 0.99, 1]
    .map((share, at) => `${["p50", "p99", "max"][at]} ${latencyOf(responses, share).toFixed(1)} ms`)
    .join(", ")

/** Runs each package in a server that starts while the vendor is down. */
export const startedDuring = async (
  how: Outage,
  requests: number,
  names: ReadonlyArray<string> = Object.keys(peers),
): Promise<ReadonlyArray<Found>> => {
  const found: Array<Found> = []
  for (const [name, start] of Object.entries(peers).filter(([name]) => names.includes(name))) {
    await using vendor = await startVendor()
    const token = await vendor.jwt()
    await vendor.goDown(how)
    await using server = await start(vendor.url)
    using load = loadOf(server.port)
    const down = await Promise.all(Array.from({ length: requests }, () => load.send(token)))
    await vendor.comeBack()
    const isGood = down.every(({ status, retryAfter }) => status === 503 && isPause(retryAfter))
    found.push({
      title: `${name}, started while connections are ${how}`,
      lines: [`${countsOf(down)}; ${latencyLine(down)}`],
      missed: name === "latchkey" && !isGood ? ["every status is 503, with Retry-After"] : [],
    })
  }
  return found
}
