import type { ChildProcess } from "node:child_process"
import { ended, inFreshProcess, next, start } from "../children.ts"
import type { Run } from "../suite.ts"
import type { Load, Sizes } from "./measurement.ts"

type Report = { readonly kind: "first" } | { readonly kind: "measured"; readonly load: Load }

/** Starts the server that every peer sends its requests to. */
export const startStub = async () => {
  const stub = start("introspection/stub.ts")
  const { issuer } = await next<{ readonly issuer: string }>(stub)
  return { url: issuer, stop: () => stub.disconnect() }
}

/** Starts a peer, waits for its first result, and gives the milliseconds that it took. */
const coldStarted = <A>(
  peer: string,
  url: string,
  use: (child: ChildProcess, coldStart: number) => Promise<A>,
): Promise<A> => {
  const started = performance.now()
  return inFreshProcess("introspection/worker.ts", [peer, url], async (child) => {
    await next<Report>(child)
    return use(child, performance.now() - started)
  })
}

/** Starts a peer in a new process and ends it after its first result. */
export const startOnce = (peer: string, url: string): Promise<Run> =>
  coldStarted(peer, url, async (_child, coldStart) => ({ coldStart }))

/** Runs a peer once in a new process: cold start, load, latency, and exit. */
export const runOnce = (peer: string, url: string, sizes: Sizes): Promise<Run> =>
  coldStarted(peer, url, async (child, coldStart) => {
    child.send(sizes)
    const report = await next<Report>(child)
    if (report.kind !== "measured") throw new Error("it sent no measurement")
    await ended(child)
    return { ...report.load, coldStart }
  })
