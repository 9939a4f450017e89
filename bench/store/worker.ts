/**
 * The measured process: fills a store, reports what an entry weighs with its key and without its value, and then the
 * processor time of an operation of mixed work on the full store.
 */
import { hash } from "node:crypto"
import type { MakeStore, Store, Value } from "./peer.ts"
import { settledHeap } from "./settled-heap.ts"

export interface Job {
  readonly entries: number
  readonly operations: number
}

/** Of this many operations one writes a key that is new and one a key that is there; the others read. */
const cycle = 8

const [name = ""] = process.argv.slice(2)
const { make }: { make: MakeStore } = await import(`../${name}.ts`)

/** 43 characters. */
const keyOf = (index: number): string => hash("sha256", String(index), "base64url")

/** Always the same numbers below 2^32, without a pattern that a cache of the processor could follow. */
const scattered = (index: number): number => Math.imul(index + 1, 2_654_435_761) >>> 0

const fill = (store: Store, keys: Array<string>, values: ReadonlyArray<Value>, entries: number): void => {
  for (let index = 0; index < entries; index++) {
    const key = keyOf(index)
    keys[index] = key
    store.set(key, values[index] as Value)
  }
}

/** Gives back how many reads found something. What is read or written again is one of the latest that were new. */
const work = (store: Store, keys: ReadonlyArray<string>, values: ReadonlyArray<Value>, job: Job): number => {
  let newest = job.entries
  let found = 0
  for (let index = 0; index < job.operations; index++) {
    const known = newest - 1 - (scattered(index) % job.entries)
    const turn = index % cycle
    if (turn === 0) {
      store.set(keys[newest] as string, values[newest] as Value)
      newest++
    } else if (turn === cycle / 2) store.set(keys[known] as string, values[known] as Value)
    else if (store.get(keys[known] as string) !== undefined) found++
  }
  return found
}

process.once("message", async (job: Job) => {
  const { entries, operations } = job
  const total = entries + Math.ceil(operations / cycle)
  const values = Array.from({ length: total }, () => ({ bytes: 100 }))
  const keys = new Array<string>(total).fill("")
  const before = await settledHeap()
  const store = await make(entries)
  fill(store, keys, values, entries)
  const bytesPerEntry = ((await settledHeap()) - before) / entries
  for (let index = entries; index < total; index++) keys[index] = keyOf(index)

  const start = process.cpuUsage()
  const found = work(store, keys, values, job)
  const { user, system } = process.cpuUsage(start)
  if (found < operations / 2) throw new Error(`${name} found ${found} entries only`)
  const cpuPerOperation = (user + system) / operations
  process.send?.({ bytesPerEntry, cpuPerOperation }, () => process.disconnect())
})
