import { constants, type NodeGCPerformanceDetail, PerformanceObserver } from "node:perf_hooks"
import { setImmediate } from "node:timers/promises"

const sheet = Buffer.alloc(16 << 20)
/** Litter that has lived for some turns is garbage for the collector of the old generation; the young one's is another. */
const litterTurns = 8

type Collection = PerformanceEntry & { readonly detail?: NodeGCPerformanceDetail }

const isMajor = ({ detail }: Collection): boolean => detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR

/**
 * Bytes in use without what is garbage, those of array buffers among them. The collector is not called: litter is dropped
 * until it has come by itself, twice, for the first time it may have been at work before the last of the garbage was.
 * Litter is in neither sum: so long a text lies outside.
 */
export const settledHeap = async (): Promise<number> => {
  let collections = 0
  let lowest = Number.POSITIVE_INFINITY
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().filter(isMajor).length
  })
  observer.observe({ entryTypes: ["gc"] })
  let litter: Array<string> = []
  while (collections < 2) {
    litter = litter.length < litterTurns ? [...litter, sheet.toString("latin1")] : []
    await setImmediate()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    lowest = Math.min(lowest, heapUsed + arrayBuffers)
  }
  observer.disconnect()
  return lowest
}
