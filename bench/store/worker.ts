/**
 * The measured process: fills a store, and reports the bytes per entry (with the key, without the value) and the
 * processor time per operation of mixed work on the full store.
 */
import { hash } from "node:crypto"
import { heapAfterGc } from "./heap-after-gc.ts"
import type { MakeStore, Store, Value } from "./peer.ts"

export interface Job {
  readonly entries: number
  readonly operations: number
}

/** Of this many operations, one writes a new key and one an existing key; the others read. */
const cycle = 8

const [name = ""] = process.argv.slice(2)
const { make }: { make: MakeStore } = await import(`../${name}.ts`)

/** Makes a key of 43 characters. */
const keyOf = (index: number): string => hash("sha256", String(index), "base64url")

/** Gives a fixed sequence of numbers below 2^32, without a pattern that a processor cache could follow. */
const scattered = (index: number): number => Math.imul(index + 1, 2_654_435_761) >>> 0

const fill = (store: Store, keys: Array<string>, values: ReadonlyArray<Value>, entries: number): void => {
  for (let index = 0; index < entries; index++) {
    const key = keyOf(index)
    keys[index] = key
    store.set(key, values[index] as Value)
  }
}

/** Does mixed work on the latest keys and gives the number of reads that found an entry. */
const work = (store: Store, keys: ReadonlyArray<string>, values: ReadonlyArray<Value>, job: Job): number => {
  let newest = job.entries
  let found = 0
  for (let index = 0; index < job.operations; index++) {
    const existing = newest - 1 - (scattered(index) % job.entries)
    const turn = index % cycle
    if (turn === 0) {
      store.set(keys[newest] as string, values[newest] as Value)
      newest++
    } else if (turn === cycle / 2) store.set(keys[existing] as string, values[existing] as Value)
    else if (store.get(keys[existing] as string) !== undefined) found++
  }
  return found
}

process.once("message", async (job: Job) => {
  const { entries, operations } = job
  const total = entries + Math.ceil(operations / cycle)
  const values = Array.from({ length: total }, () => ({ bytes: 100 }))
  const keys = new Array<string>(total).fill("")
  const before = await heapAfterGc()
  const store = await make(entries)
  fill(store, keys, values, entries)
  const bytesPerEntry = ((await heapAfterGc()) - before) / entries
  for (let index = entries; index < total; index++) keys[index] = keyOf(index)

  const start = process.cpuUsage()
  const found = work(store, keys, values, job)
  const { user, system } = process.cpuUsage(start)
  if (found < operations / 2) throw new Error(`${name} found only ${found} entries`)
  const cpuPerOperation = (user + system) / operations
  process.send?.({ bytesPerEntry, cpuPerOperation }, () => process.disconnect())
})
