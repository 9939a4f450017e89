import type { IncomingMessage, ServerResponse } from "node:http"
import type { Fault } from "./fault.ts"
import { injectFault, type Repeat } from "./inject-fault.ts"

/** A fault and the requests that it applies to. A rule without `method` and `path` matches every request. */
export interface FaultRule {
  /** The HTTP method, such as `"POST"`. */
  readonly method?: string
  /** The exact path, or a pattern for the path. The query is not part of the path. */
  readonly path?: string | RegExp
  /** The number of matching requests that get the fault. Default: 1. */
  readonly times?: number
  /** The number of matching requests that pass first. Default: 0. */
  readonly skip?: number
  readonly fault: Fault
}

/** The fault rules of one server. Rules apply in the order in which they were added. */
export interface Faults {
  /** Adds a rule. */
  readonly add: (rule: FaultRule) => void
  /** Removes all rules. */
  readonly clear: () => void
  /**
   * Applies the first matching rule to a request.
   *
   * Returns `true` if the fault has handled the request, so that the server must not send a response.
   */
  readonly play: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>
  /** Removes all rules and cancels all timers. */
  readonly close: () => void
}

interface PendingRule {
  readonly rule: FaultRule
  /** Matching requests still to pass. */
  skip: number
  /** Matching requests still to get the fault. */
  left: number
}

const pathOf = (request: IncomingMessage) => (request.url ?? "/").split("?", 1)[0] ?? "/"

const matches = (rule: FaultRule, request: IncomingMessage) => {
  if (rule.method !== undefined && rule.method.toUpperCase() !== request.method) return false
  if (rule.path === undefined) return true
  const path = pathOf(request)
  if (typeof rule.path === "string") return rule.path === path
  // `test` on a global or sticky expression starts at `lastIndex`, which the previous request has moved.
  rule.path.lastIndex = 0
  return rule.path.test(path)
}

/** Makes an empty list of fault rules, for any server of `node:http`. */
export const makeFaults = (): Faults => {
  let rules: ReadonlyArray<PendingRule> = []
  const cancels = new Set<() => void>()

  const repeat: Repeat = (response, ms, tick) => {
    const timer = setInterval(tick, ms)
    timer.unref()
    const cancel = () => {
      clearInterval(timer)
      cancels.delete(cancel)
    }
    cancels.add(cancel)
    response.once("close", cancel)
  }

  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      const cancel = () => {
        clearTimeout(timer)
        cancels.delete(cancel)
        resolve()
      }
      const timer = setTimeout(cancel, ms)
      timer.unref()
      cancels.add(cancel)
    })

  const takeFault = (request: IncomingMessage): Fault | undefined => {
    for (const entry of rules) {
      if (!matches(entry.rule, request)) continue
      if (entry.skip > 0) {
        entry.skip -= 1
        continue
      }
      if (entry.left <= 0) continue
      entry.left -= 1
      if (entry.left <= 0) rules = rules.filter((other) => other !== entry)
      return entry.rule.fault
    }
    return undefined
  }

  return {
    add: (rule) => {
      rules = [...rules, { rule, skip: rule.skip ?? 0, left: rule.times ?? 1 }]
    },
    clear: () => {
      rules = []
    },
    close: () => {
      rules = []
      for (const cancel of [...cancels]) cancel()
    },
    play: async (request, response) => {
      // A latency does not replace the response: a later rule or the handler still applies. Latencies add up.
      for (let fault = takeFault(request); fault !== undefined; fault = takeFault(request)) {
        if (fault.kind === "latency") {
          await wait(fault.ms)
          continue
        }
        injectFault(fault, request, response, repeat)
        return true
      }
      return response.destroyed
    },
  }
}
