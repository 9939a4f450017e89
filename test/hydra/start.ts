import { type ChildProcess, spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { tmpdir } from "node:os"
import { setTimeout as sleep } from "node:timers/promises"
import { hydraBinary, requiredVersion } from "./build.ts"
import { type HydraOptions, hydraEnvironment, type Listeners } from "./environment.ts"
import { twoFreePorts } from "./free-ports.ts"
import { outputTail } from "./output-tail.ts"
import type { HydraUrls } from "./running.ts"
import { tie } from "./tied-process.ts"

/** A real Ory Hydra, started for a test, with an empty database in memory. */
export interface Hydra extends HydraUrls, AsyncDisposable {
  /** The version of Hydra, such as "v2.3.0". */
  readonly version: string
  /** The process id. */
  readonly pid: number
  /** Stops the process and waits until it has ended. A second call waits for the same end. */
  readonly close: () => Promise<void>
}

/** The time limit for Hydra to be ready on both ports, in milliseconds. Hydra takes about 200. */
const startLimit = 20_000

/** The time that Hydra has to stop after SIGTERM before it gets SIGKILL, in milliseconds. */
const stopLimit = 3_000

/** The number of starts, each with new ports, when another process takes the chosen ports first. */
const attempts = 5

/** A started process, with the end of its output. */
interface Started {
  readonly child: ChildProcess
  readonly pid: number
  /** Resolves when the process has ended and its whole output has been read. */
  readonly ended: Promise<unknown>
  readonly tail: (lines?: number) => string
}

/** Starts an Ory Hydra on free ports of 127.0.0.1, and resolves when both are ready. Fails without a binary. */
export async function startHydra(options: HydraOptions = {}): Promise<Hydra> {
  const binary = await hydraBinary()
  if ("missing" in binary) throw new Error(`no Ory Hydra: ${binary.missing}`)
  for (let attempt = 1; ; attempt++) {
    const [publicPort, adminPort] = await twoFreePorts()
    const listeners = { publicPort, adminPort, origin: `http://${randomUUID()}.invalid` }
    const started = await launch(binary.path, hydraEnvironment(listeners, options))
    const close = closer(started)
    try {
      await ready(started, listeners)
      return await describe(started, listeners, close)
    } catch (error) {
      await close()
      if (attempt < attempts && /address already in use/i.test(started.tail(50))) continue
      throw new Error(`Ory Hydra did not start: ${reasonOf(error)}\n${started.tail()}`)
    }
  }
}

/** Starts the process, and ties it to this process. */
async function launch(path: string, env: Record<string, string>): Promise<Started> {
  const child = spawn(path, ["serve", "all", "--dev", "--sqa-opt-out"], {
    cwd: tmpdir(),
    env,
    stdio: ["ignore", "pipe", "pipe"],
  })
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve)
    child.once("error", (error) => reject(new Error(`${path} could not be started: ${error.message}`)))
  })
  if (child.pid === undefined) throw new Error(`${path} has no process number`)
  const untie = tie(child.pid)
  child.once("exit", untie)
  return { child, pid: child.pid, ended: once(child, "close"), tail: outputTail([child.stdout, child.stderr]) }
}

/** Waits until the started process responds on both ports. */
async function ready(started: Started, listeners: Listeners): Promise<void> {
  const deadline = Date.now() + startLimit
  for (const port of [listeners.publicPort, listeners.adminPort]) {
    while (!(await isReady(port, listeners.origin))) {
      if (hasEnded(started.child)) throw new Error("it ended by itself")
      if (Date.now() > deadline) throw new Error(`port ${port} was not ready after ${startLimit / 1000} seconds`)
      await sleep(20)
    }
  }
}

/**
 * Whether the started Hydra is ready on a port. Another test's Hydra on the same port also responds with 200, while the
 * started Hydra is about to end because the port is in use. Only the started Hydra allows this origin.
 */
async function isReady(port: number, origin: string): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`, {
      headers: { origin },
      signal: AbortSignal.timeout(2_000),
    })
    await response.body?.cancel()
    return response.status === 200 && response.headers.get("access-control-allow-origin") === origin
  } catch {
    return false
  }
}

/** Makes the object that a test gets. */
async function describe(started: Started, listeners: Listeners, close: () => Promise<void>): Promise<Hydra> {
  const adminUrl = `http://127.0.0.1:${listeners.adminPort}`
  return {
    publicUrl: `http://127.0.0.1:${listeners.publicPort}`,
    adminUrl,
    version: await versionOf(adminUrl),
    pid: started.pid,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** The version from the server. A Hydra built from its module reports "master", so go.mod's version is used instead. */
async function versionOf(adminUrl: string): Promise<string> {
  const response = await fetch(`${adminUrl}/version`, { signal: AbortSignal.timeout(5_000) })
  const body: unknown = await response.json()
  const reported = typeof body === "object" && body !== null && "version" in body ? String(body.version) : ""
  return /^v?\d/.test(reported) ? reported : requiredVersion()
}

/** Makes the function that stops the process once. */
function closer(started: Started): () => Promise<void> {
  let closing: Promise<void> | undefined
  return () => {
    closing ??= stop(started)
    return closing
  }
}

/** Sends SIGTERM, then SIGKILL after the time limit, and waits until the process has ended. */
async function stop({ child, ended }: Started): Promise<void> {
  child.kill("SIGTERM") // has no effect on a process that has ended
  const force = setTimeout(() => child.kill("SIGKILL"), stopLimit)
  await ended
  clearTimeout(force)
}

/** Whether the process has ended. */
function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** The message of an error. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
