import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { Run } from "./suite.ts"

const messageMillis = 60_000
const exitMillis = 5000

/** Starts a file of this folder as a child process. Its stdout goes to stderr, because stdout is for the report. */
export const start = (file: string, ...args: ReadonlyArray<string>): ChildProcess =>
  fork(fileURLToPath(new URL(file, import.meta.url)), args, { stdio: ["ignore", 2, 2, "ipc"] })

const runs = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null

/** Waits for the child's next message. */
export const next = <Message>(child: ChildProcess): Promise<Message> =>
  new Promise((resolve, reject) => {
    const silent = setTimeout(() => reject(new Error(`it sent nothing for ${messageMillis} ms`)), messageMillis)
    const onMessage = (message: unknown) => finish(() => resolve(message as Message))
    const onError = (error: Error) => finish(() => reject(error))
    const onExit = (code: number | null, signal: string | null) =>
      finish(() => reject(new Error(`it ended with ${signal ?? `code ${code}`}`)))
    const finish = (outcome: () => void) => {
      clearTimeout(silent)
      child.off("message", onMessage).off("error", onError).off("exit", onExit)
      outcome()
    }
    child.on("message", onMessage).on("error", onError).on("exit", onExit)
  })

/** Waits for the child to end by itself. */
export const ended = async (child: ChildProcess): Promise<void> => {
  if (!runs(child)) return
  const slow = setTimeout(() => child.kill("SIGKILL"), exitMillis)
  const [code, signal] = await once(child, "exit")
  clearTimeout(slow)
  if (signal === "SIGKILL") throw new Error(`it was still running ${exitMillis} ms after its last message`)
  if (code !== 0) throw new Error(`it ended with ${signal ?? `code ${code}`}`)
}

/** Starts a worker for one peer (the path of its file in this folder) and ends the process after use. */
export const inFreshProcess = async <A>(
  worker: string,
  [peer, ...more]: readonly [peer: string, ...ReadonlyArray<string>],
  use: (child: ChildProcess) => Promise<A>,
): Promise<A> => {
  const child = start(worker, peer, ...more)
  try {
    return await use(child)
  } catch (cause) {
    throw new Error(`The peer "${peer}" failed`, { cause })
  } finally {
    if (runs(child)) child.kill("SIGKILL")
  }
}

/** Sends a job to a worker for one peer and gives its measurements. */
export const measured = (worker: string, peer: string, job: object): Promise<Run> =>
  inFreshProcess(worker, [peer], async (child) => {
    child.send(job)
    const run = await next<Run>(child)
    await ended(child)
    return run
  })
