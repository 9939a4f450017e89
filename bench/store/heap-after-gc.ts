import { constants, type NodeGCPerformanceDetail, PerformanceObserver } from "node:perf_hooks"
import { setImmediate } from "node:timers/promises"

const fillerBytes = 16 << 20
/** Filler that survives some turns reaches the old generation, so that dropping it causes a major collection. */
const fillerTurns = 8

type Collection = PerformanceEntry & { readonly detail?: NodeGCPerformanceDetail }

const isMajor = ({ detail }: Collection): boolean => detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR

/**
 * Gives the bytes in use without garbage. Filler is allocated and dropped until two major collections have run, because
 * the first one may have started before the last garbage was made. The filler's memory is outside the heap.
 */
export const heapAfterGc = async (): Promise<number> => {
  let collections = 0
  let lowest = Number.POSITIVE_INFINITY
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().filter(isMajor).length
  })
  observer.observe({ entryTypes: ["gc"] })
  let filler: Array<ArrayBuffer> = []
  while (collections < 2) {
    filler = filler.length < fillerTurns ? [...filler, new ArrayBuffer(fillerBytes)] : []
    await setImmediate()
    lowest = Math.min(lowest, process.memoryUsage().heapUsed)
  }
  observer.disconnect()
  return lowest
}
