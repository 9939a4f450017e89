/** Which slow verifications block the event loop of Node, and which go to the thread pool. */
import { nextTick } from "node:process"

/** How many of them may block the event loop in one turn. */
const maxBlocking = 4

/** How many more may block it for callers that wait for one result before they send the next token. */
const maxAwaited = 128

let blocking = 0
let awaited = 0
/** Whether a microtask of the present callback has run since the last verification: a caller may have its result. */
let hasResult = false

const nextTurn = (): void => {
  blocking = 0
  awaited = 0
}

const nextCallback = (): void => {
  hasResult = false
}

// The queue of `nextTick` runs when all microtasks of the callback have run.
const nextMicrotask = (): void => {
  hasResult = true
  nextTick(nextCallback)
}

/**
 * Returns whether a slow verification may block the event loop. The first ones of each turn may: the thread pool takes 10 to
 * 250 microseconds of processor time more for each, and is of use only where several are verified at the same time. A
 * caller that waits for each result blocks the event loop for itself, up to a limit.
 */
export const mayBlock = (): boolean => {
  if (hasResult) {
    awaited += 1
    return awaited <= maxAwaited
  }
  if (blocking >= maxBlocking) return false
  if (blocking === 0) setImmediate(nextTurn)
  blocking += 1
  queueMicrotask(nextMicrotask)
  return true
}
