import type { IncomingMessage, ServerResponse } from "node:http"
import type { Socket } from "node:net"

/** A failure of one request. Every kind but `latency` replaces the response. */
export type Fault =
  /** Delays the response by `ms` milliseconds. */
  | { readonly kind: "latency"; readonly ms: number }
  /** Sends this response. Default body: empty. */
  | {
      readonly kind: "status"
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  /** Sends an HTML page in place of JSON. Default status: 200. */
  | { readonly kind: "html"; readonly status?: number }
  /** Closes the connection with a TCP reset, before any response. */
  | { readonly kind: "reset" }
  /** Announces a JSON body of some 250 bytes, sends the first `bytes` of it (default 20), and closes the connection. */
  | { readonly kind: "truncate"; readonly bytes?: number }
  /** Sends a complete response whose body is incomplete JSON. */
  | { readonly kind: "cut-json" }
  /** Sends a JSON body with a string of `bytes` bytes. */
  | { readonly kind: "huge"; readonly bytes: number }
  /** Starts a JSON body, then sends one space every `everyMs` milliseconds, without end. */
  | { readonly kind: "drip"; readonly everyMs: number }
  /** Never responds. */
  | { readonly kind: "hang" }
  /** Redirects to `location`. Default status: 302. */
  | { readonly kind: "redirect"; readonly location: string; readonly status?: number }
  /** Writes `bytes` (Latin-1) to the socket, which need not be HTTP, and closes it. */
  | { readonly kind: "raw"; readonly bytes: string }

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
        inject(fault, request, response, repeat)
        return true
      }
      return response.destroyed
    },
  }
}

type ResponseFault = Exclude<Fault, { kind: "latency" }>

/** Calls `tick` every `ms` milliseconds until the response closes. */
type Repeat = (response: ServerResponse, ms: number, tick: () => void) => void
type Injection = (response: ServerResponse, socket: Socket, repeat: Repeat) => void

const errorPage = "<!DOCTYPE html><html><head><title>Bad gateway</title></head><body><h1>502</h1></body></html>"
const sampleBody = JSON.stringify({ active: true, scope: "openid", client_id: "truncated", padding: "x".repeat(200) })
const jsonHeaders = { "content-type": "application/jsonHeaders" }

const sendHugeBody = (response: ServerResponse, bytes: number) => {
  const block = Buffer.alloc(64 * 1024, 0x78)
  let left = bytes
  const writeMore = () => {
    while (left > 0 && !response.destroyed) {
      const part = left < block.length ? block.subarray(0, left) : block
      left -= part.length
      if (!response.write(part)) {
        response.once("drain", writeMore)
        return
      }
    }
    if (!response.destroyed) response.end('"}')
  }
  response.writeHead(200, jsonHeaders)
  response.write('{"huge":"')
  writeMore()
}

const injectionOf = (fault: ResponseFault): Injection => {
  switch (fault.kind) {
    case "status":
      return (response) => response.writeHead(fault.status, fault.headers).end(fault.body ?? "")
    case "html":
      return (response) => response.writeHead(fault.status ?? 200, { "content-type": "text/html" }).end(errorPage)
    case "reset":
      return (_, socket) => socket.resetAndDestroy()
    case "truncate":
      return (response, socket) => {
        const sent = sampleBody.slice(0, fault.bytes ?? 20)
        response.writeHead(200, { ...jsonHeaders, "content-length": String(Buffer.byteLength(sampleBody)) })
        response.write(sent, () => setImmediate(() => socket.destroy()))
      }
    case "cut-json":
      return (response) => response.writeHead(200, jsonHeaders).end(sampleBody.slice(0, 30))
    case "huge":
      return (response) => sendHugeBody(response, fault.bytes)
    case "drip":
      return (response, _, repeat) => {
        response.writeHead(200, jsonHeaders)
        response.write("{")
        repeat(response, fault.everyMs, () => response.write(" "))
      }
    case "hang":
      return () => {}
    case "redirect":
      return (response) => response.writeHead(fault.status ?? 302, { location: fault.location }).end()
    case "raw":
      return (_, socket) => socket.end(fault.bytes, "latin1")
  }
}

const inject = (fault: ResponseFault, request: IncomingMessage, response: ServerResponse, repeat: Repeat) => {
  // Drain the request body: with unread data, closing the socket would send a reset in place of the planned response.
  if (!request.readableEnded) request.resume()
  injectionOf(fault)(response, request.socket, repeat)
}
