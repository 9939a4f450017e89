import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { Load, Run, Sizes } from "./measurement.ts"

type Report = { readonly kind: "first" } | { readonly kind: "measured"; readonly load: Load }

const answerMillis = 60_000
const exitMillis = 5000

/** The harness' own stdout belongs to the report, so a child's goes to stderr. */
const start = (file: string, ...args: ReadonlyArray<string>): ChildProcess =>
  fork(fileURLToPath(new URL(file, import.meta.url)), args, { stdio: ["ignore", 2, 2, "ipc"] })

const runs = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null

const next = <Message>(child: ChildProcess): Promise<Message> =>
  new Promise((resolve, reject) => {
    const silent = setTimeout(() => reject(new Error(`it said nothing for ${answerMillis} ms`)), answerMillis)
    const onMessage = (message: unknown) => settle(() => resolve(message as Message))
    const onError = (error: Error) => settle(() => reject(error))
    const onExit = (code: number | null, signal: string | null) =>
      settle(() => reject(new Error(`it ended with ${signal ?? `code ${code}`}`)))
    const settle = (outcome: () => void) => {
      clearTimeout(silent)
      child.off("message", onMessage).off("error", onError).off("exit", onExit)
      outcome()
    }
    child.on("message", onMessage).on("error", onError).on("exit", onExit)
  })

const ended = async (child: ChildProcess): Promise<void> => {
  if (!runs(child)) return
  const slow = setTimeout(() => child.kill("SIGKILL"), exitMillis)
  const [code, signal] = await once(child, "exit")
  clearTimeout(slow)
  if (signal === "SIGKILL") throw new Error(`it was still running ${exitMillis} ms after close()`)
  if (code !== 0) throw new Error(`it ended with ${signal ?? `code ${code}`}`)
}

/** Starts the server that every peer asks. */
export const startStub = async () => {
  const stub = start("stub.ts")
  const { issuer } = await next<{ readonly issuer: string }>(stub)
  return { url: issuer, stop: () => stub.disconnect() }
}

const inFreshProcess = async <A>(
  peer: string,
  url: string,
  use: (child: ChildProcess, coldStart: number) => Promise<A>,
) => {
  const started = performance.now()
  const child = start("worker.ts", peer, url)
  try {
    await next<Report>(child)
    return await use(child, performance.now() - started)
  } catch (cause) {
    throw new Error(`The peer "${peer}" failed`, { cause })
  } finally {
    if (runs(child)) child.kill("SIGKILL")
  }
}

/** Starts a peer in a process of its own and gives the milliseconds to its first answer. */
export const startOnce = (peer: string, url: string): Promise<number> =>
  inFreshProcess(peer, url, async (_child, coldStart) => coldStart)

/** Runs a peer once in a process of its own: cold start, load, latency, and an end without help. */
export const runOnce = (peer: string, url: string, sizes: Sizes): Promise<Run> =>
  inFreshProcess(peer, url, async (child, coldStart) => {
    child.send(sizes)
    const report = await next<Report>(child)
    if (report.kind !== "measured") throw new Error("it sent no measurement")
    await ended(child)
    return { ...report.load, coldStart }
  })
