import { constants, type NodeGCPerformanceDetail, PerformanceObserver } from "node:perf_hooks"
import { setImmediate } from "node:timers/promises"

/** Too large for the young generation, so that it makes the old one grow until the collector comes. */
const litter = (): ReadonlyArray<number> => new Array<number>(1 << 20).fill(0)

type Collection = PerformanceEntry & { readonly detail?: NodeGCPerformanceDetail }

const isMajor = ({ detail }: Collection): boolean => detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR

/**
 * Bytes in use without what is garbage. The collector is not called: litter is dropped until it has come by itself,
 * twice, for the first time it may have been at work already when what is garbage now was not yet.
 */
export const settledHeap = async (): Promise<number> => {
  let collections = 0
  let lowest = Number.POSITIVE_INFINITY
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().filter(isMajor).length
  })
  observer.observe({ entryTypes: ["gc"] })
  while (collections < 2) {
    litter()
    await setImmediate()
    lowest = Math.min(lowest, process.memoryUsage().heapUsed)
  }
  observer.disconnect()
  return lowest
}
