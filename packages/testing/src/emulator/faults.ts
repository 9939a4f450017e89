import type { IncomingMessage, ServerResponse } from "node:http"
import type { Socket } from "node:net"

/** What goes wrong with a request. Everything but `latency` replaces the answer. */
export type Fault =
  | { readonly kind: "latency"; readonly ms: number }
  | {
      readonly kind: "status"
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  | { readonly kind: "html"; readonly status?: number }
  | { readonly kind: "reset" }
  | { readonly kind: "truncate"; readonly bytes?: number }
  | { readonly kind: "cut-json" }
  | { readonly kind: "huge"; readonly bytes: number }
  | { readonly kind: "drip"; readonly everyMs: number }
  | { readonly kind: "hang" }
  | { readonly kind: "redirect"; readonly location: string; readonly status?: number }
  | { readonly kind: "raw"; readonly bytes: string }

/** Which requests a fault meets: the next `times` (1 unless told) that match, after `skip` that pass. */
export interface FaultRule {
  readonly method?: string
  readonly path?: string | RegExp
  readonly times?: number
  readonly skip?: number
  readonly fault: Fault
}

/** A script of faults for one server: rules are tried in the order they were added. */
export interface Faults {
  readonly add: (rule: FaultRule) => void
  readonly clear: () => void
  /** Plays the fault that meets this request, if any. True: the request has been dealt with, do not answer it. */
  readonly play: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>
  /** Ends every timer that is still running and forgets the rules. */
  readonly close: () => void
}

interface Armed {
  readonly rule: FaultRule
  skip: number
  left: number
}

const pathOf = (request: IncomingMessage) => (request.url ?? "/").split("?", 1)[0] ?? "/"

const meets = (rule: FaultRule, request: IncomingMessage) => {
  if (rule.method !== undefined && rule.method.toUpperCase() !== request.method) return false
  if (rule.path === undefined) return true
  const path = pathOf(request)
  if (typeof rule.path === "string") return rule.path === path
  // `test` on a global or sticky expression remembers where it stopped; a rule must not.
  rule.path.lastIndex = 0
  return rule.path.test(path)
}

/** Makes an empty fault script; any node http server can play it. */
export const makeFaults = (): Faults => {
  let armed: ReadonlyArray<Armed> = []
  const stops = new Set<() => void>()

  const every = (response: ServerResponse, ms: number, tick: () => void) => {
    const timer = setInterval(tick, ms)
    timer.unref()
    const stop = () => {
      clearInterval(timer)
      stops.delete(stop)
    }
    stops.add(stop)
    response.once("close", stop)
  }

  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      const stop = () => {
        clearTimeout(timer)
        stops.delete(stop)
        resolve()
      }
      const timer = setTimeout(stop, ms)
      timer.unref()
      stops.add(stop)
    })

  const take = (request: IncomingMessage): Fault | undefined => {
    for (const entry of armed) {
      if (!meets(entry.rule, request)) continue
      if (entry.skip > 0) {
        entry.skip -= 1
        continue
      }
      if (entry.left <= 0) continue
      entry.left -= 1
      if (entry.left <= 0) armed = armed.filter((other) => other !== entry)
      return entry.rule.fault
    }
    return undefined
  }

  return {
    add: (rule) => {
      armed = [...armed, { rule, skip: rule.skip ?? 0, left: rule.times ?? 1 }]
    },
    clear: () => {
      armed = []
    },
    close: () => {
      armed = []
      for (const stop of [...stops]) stop()
    },
    play: async (request, response) => {
      // Latencies add up and let the request go on, to a later fault or to the real handler.
      for (let fault = take(request); fault !== undefined; fault = take(request)) {
        if (fault.kind === "latency") {
          await wait(fault.ms)
          continue
        }
        strike(fault, request, response, every)
        return true
      }
      return response.destroyed
    },
  }
}

type Every = (response: ServerResponse, ms: number, tick: () => void) => void
type Strike = (response: ServerResponse, socket: Socket, every: Every) => void

const page = "<!DOCTYPE html><html><head><title>Bad gateway</title></head><body><h1>502</h1></body></html>"
const sample = JSON.stringify({ active: true, scope: "openid", client_id: "truncated", padding: "x".repeat(200) })
const json = { "content-type": "application/json" }

const fill = (response: ServerResponse, bytes: number) => {
  const block = Buffer.alloc(64 * 1024, 0x78)
  let left = bytes
  const more = () => {
    while (left > 0 && !response.destroyed) {
      const part = left < block.length ? block.subarray(0, left) : block
      left -= part.length
      if (!response.write(part)) {
        response.once("drain", more)
        return
      }
    }
    if (!response.destroyed) response.end('"}')
  }
  response.writeHead(200, json)
  response.write('{"huge":"')
  more()
}

const strikeFor = (fault: Exclude<Fault, { kind: "latency" }>): Strike => {
  switch (fault.kind) {
    case "status":
      return (response) => response.writeHead(fault.status, fault.headers).end(fault.body ?? "")
    case "html":
      return (response) => response.writeHead(fault.status ?? 200, { "content-type": "text/html" }).end(page)
    case "reset":
      return (_, socket) => socket.resetAndDestroy()
    case "truncate":
      return (response, socket) => {
        const sent = sample.slice(0, fault.bytes ?? 20)
        response.writeHead(200, { ...json, "content-length": String(Buffer.byteLength(sample)) })
        response.write(sent, () => setImmediate(() => socket.destroy()))
      }
    case "cut-json":
      return (response) => response.writeHead(200, json).end(sample.slice(0, 30))
    case "huge":
      return (response) => fill(response, fault.bytes)
    case "drip":
      return (response, _, every) => {
        response.writeHead(200, json)
        response.write("{")
        every(response, fault.everyMs, () => response.write(" "))
      }
    case "hang":
      return () => {}
    case "redirect":
      return (response) => response.writeHead(fault.status ?? 302, { location: fault.location }).end()
    case "raw":
      return (_, socket) => socket.end(fault.bytes, "latin1")
  }
}

const strike = (
  fault: Exclude<Fault, { kind: "latency" }>,
  request: IncomingMessage,
  response: ServerResponse,
  every: Every,
) => {
  // A body nobody has read is dropped, or a client still sending would see a reset instead of the planned answer.
  if (!request.readableEnded) request.resume()
  strikeFor(fault)(response, request.socket, every)
}
