import { constants, type NodeGCPerformanceDetail, PerformanceObserver } from "node:perf_hooks"
import { setImmediate } from "node:timers/promises"

const litterBytes = 16 << 20
/** Litter that has lived for some turns is garbage for the collector of the old generation; the young one's is another. */
const litterTurns = 8

type Collection = PerformanceEntry & { readonly detail?: NodeGCPerformanceDetail }

const isMajor = ({ detail }: Collection): boolean => detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR

/**
 * Bytes in use without what is garbage. The collector is not called: litter is dropped until it has come by itself,
 * twice, for the first time it may have been at work before the last of the garbage was. Litter is not in the heap.
 */
export const settledHeap = async (): Promise<number> => {
  let collections = 0
  let lowest = Number.POSITIVE_INFINITY
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().filter(isMajor).length
  })
  observer.observe({ entryTypes: ["gc"] })
  let litter: Array<ArrayBuffer> = []
  while (collections < 2) {
    litter = litter.length < litterTurns ? [...litter, new ArrayBuffer(litterBytes)] : []
    await setImmediate()
    lowest = Math.min(lowest, process.memoryUsage().heapUsed)
  }
  observer.disconnect()
  return lowest
}
