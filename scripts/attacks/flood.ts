/** Tokens that make the vendor fail, among the calls of good callers. */
import { setTimeout as sleep } from "node:timers/promises"
import { atRate, ignored, openAuth, type Row, startVendor, Tally } from "./world.ts"

export type Kind = "status-500" | "reset" | "hang"

/** One flood: good calls a second, and evil tokens at once every two and a half seconds from the first on. */
export interface Flood {
  readonly good: number
  readonly evil: number
  readonly kinds: ReadonlyArray<Kind>
  readonly seconds: number
}

export const flood = async ({ good, evil, kinds, seconds }: Flood): Promise<Row> => {
  await using vendor = await startVendor()
  const auth = openAuth(vendor.url)
  const tally = new Tally()
  const stop = new AbortController()
  let sent = 0
  const attack = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      for (let count = 0; count < evil; count++)
        void ignored(auth.introspect(`${kinds[sent % kinds.length]}-${sent++}`, { freshness: "live" }))
      await sleep(2500, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  }
  const attacking = attack()
  await atRate(good, seconds, (index) => tally.count(auth.introspect(`good-${index}`)))
  stop.abort()
  await attacking
  await auth.close()
  return {
    attack: `${evil} tokens per 2.5 s (${kinds.join(", ")}) among ${good} good calls/s`,
    found: `${tally.refused} of ${tally.calls} refused, ${tally.failed} failed, median ${tally.median.toFixed(1)} ms`,
    // A busy machine does not answer 600 calls a second, so calls that time out are printed and not judged.
    wanted: "0 refused",
    ok: tally.calls > 0 && tally.refused === 0,
  }
}
