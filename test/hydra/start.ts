import { type ChildProcess, spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { tmpdir } from "node:os"
import { setTimeout as sleep } from "node:timers/promises"
import { hydraBinary, requiredVersion } from "./build.ts"
import { type HydraOptions, hydraEnvironment, type Place } from "./environment.ts"
import { twoFreePorts } from "./free-ports.ts"
import { outputTail } from "./output-tail.ts"
import type { HydraUrls } from "./running.ts"
import { tie } from "./tied-process.ts"

/** A real Ory Hydra of our own, with an empty database in memory. */
export interface Hydra extends HydraUrls, AsyncDisposable {
  /** The version of Hydra, such as "v2.3.0". */
  readonly version: string
  /** The number of its process. */
  readonly pid: number
  /** Stops the process and waits until it is gone; a second call waits for the same end. */
  readonly close: () => Promise<void>
}

/** How long Hydra may take until it is ready on both ports, in milliseconds; it takes about 200. */
const startLimit = 20_000

/** How long Hydra may take to stop by itself before it is killed, in milliseconds. */
const stopLimit = 3_000

/** How often to choose new ports when another process took the chosen ones first. */
const attempts = 5

/** A process that was started, with its last words. */
interface Started {
  readonly child: ChildProcess
  readonly pid: number
  /** Resolves when the process is gone and all that it said is in the tail. */
  readonly gone: Promise<unknown>
  readonly tail: (lines?: number) => string
}

/** Starts an Ory Hydra on free ports of 127.0.0.1, and resolves when both answer. Fails when there is no binary. */
export async function startHydra(options: HydraOptions = {}): Promise<Hydra> {
  const binary = await hydraBinary()
  if ("missing" in binary) throw new Error(`no Ory Hydra: ${binary.missing}`)
  for (let attempt = 1; ; attempt++) {
    const [publicPort, adminPort] = await twoFreePorts()
    const place = { publicPort, adminPort, origin: `http://${randomUUID()}.invalid` }
    const started = await launch(binary.path, hydraEnvironment(place, options))
    const close = closer(started)
    try {
      await ready(started, place)
      return await describe(started, place, close)
    } catch (error) {
      await close()
      if (attempt < attempts && /address already in use/i.test(started.tail(50))) continue
      throw new Error(`Ory Hydra did not start: ${reasonOf(error)}\n${started.tail()}`)
    }
  }
}

/** Starts the process and ties it to ours. */
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
  return { child, pid: child.pid, gone: once(child, "close"), tail: outputTail([child.stdout, child.stderr]) }
}

/** Waits until this very process answers on both ports. */
async function ready(started: Started, place: Place): Promise<void> {
  const deadline = Date.now() + startLimit
  for (const port of [place.publicPort, place.adminPort]) {
    while (!(await answers(port, place.origin))) {
      if (ended(started.child)) throw new Error("it ended by itself")
      if (Date.now() > deadline) throw new Error(`port ${port} was not ready after ${startLimit / 1000} seconds`)
      await sleep(20)
    }
  }
}

/**
 * Whether our Hydra is ready on a port. Another test's Hydra on the same port would say 200 too, while ours is about to
 * end because the port is taken; only ours allows our origin.
 */
async function answers(port: number, origin: string): Promise<boolean> {
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

/** The server as a test sees it. */
async function describe(started: Started, place: Place, close: () => Promise<void>): Promise<Hydra> {
  const adminUrl = `http://127.0.0.1:${place.adminPort}`
  return {
    publicUrl: `http://127.0.0.1:${place.publicPort}`,
    adminUrl,
    version: await versionOf(adminUrl),
    pid: started.pid,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** What the server calls itself. Built from its module it says "master"; the module's version is the true answer. */
async function versionOf(adminUrl: string): Promise<string> {
  const response = await fetch(`${adminUrl}/version`, { signal: AbortSignal.timeout(5_000) })
  const body: unknown = await response.json()
  const said = typeof body === "object" && body !== null && "version" in body ? String(body.version) : ""
  return /^v?\d/.test(said) ? said : requiredVersion()
}

/** The function that stops the process: politely, then by force. */
function closer(started: Started): () => Promise<void> {
  let closing: Promise<void> | undefined
  return () => {
    closing ??= stop(started)
    return closing
  }
}

/** Sends SIGTERM, SIGKILL when that is not enough, and waits for the end. */
async function stop({ child, gone }: Started): Promise<void> {
  child.kill("SIGTERM") // does nothing to a process that is gone
  const force = setTimeout(() => child.kill("SIGKILL"), stopLimit)
  await gone
  clearTimeout(force)
}

/** Whether the process is gone. */
function ended(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** What an error says. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
