/** Starts a real redis-server on loopback. */
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { createServer, type Socket, connect as tcp } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

const binary = process.env.LATCHKEY_REDIS_SERVER ?? "/usr/bin/redis-server"

/** Whether the tests can start a server. In CI a missing server is a failure, and elsewhere a line of output. */
export const hasRedis: boolean = (() => {
  if (existsSync(binary)) return true
  const message = `the tests of the fleet are skipped: ${binary} does not exist (LATCHKEY_REDIS_SERVER names another one)`
  if (process.env.CI) throw new Error(message)
  process.stdout.write(`${message}\n`)
  return false
})()

export interface RedisServer extends AsyncDisposable {
  readonly port: number
  /** Stops the process without ending it: its sockets stay open and nothing answers. */
  readonly freeze: () => void
  readonly resume: () => void
  /** Ends the process at once. */
  readonly kill: () => Promise<void>
  /** Starts it again on the same port, with the files that are there. */
  readonly start: () => Promise<void>
  readonly close: () => Promise<void>
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket: Socket = tcp(port, "127.0.0.1")
    const end = (isUp: boolean) => {
      socket.destroy()
      resolve(isUp)
    }
    socket.once("connect", () => socket.write("PING\r\n"))
    socket.once("data", (data) => end(data.toString().startsWith("+PONG")))
    socket.once("error", () => end(false))
  })

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let attempt = 0; attempt < 500; attempt++) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error("redis-server does not answer")
}

/** Starts a server in a temporary folder. It keeps nothing on disk unless `settings` say so. */
export const startRedis = async (settings: ReadonlyArray<string> = []): Promise<RedisServer> => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-redis-"))
  const port = await freePort()
  const base = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"]
  let child: ChildProcess | undefined
  const start = async () => {
    child = spawn(binary, [...base, ...settings], { stdio: "ignore" })
    await until(() => answers(port))
  }
  const kill = async () => {
    const running = child
    child = undefined
    if (running === undefined || running.exitCode !== null) return
    const ended = new Promise((resolve) => running.once("exit", resolve))
    running.kill("SIGKILL")
    await ended
  }
  const close = async () => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  }
  await start()
  return {
    port,
    freeze: () => child?.kill("SIGSTOP"),
    resume: () => child?.kill("SIGCONT"),
    kill,
    start,
    close,
    [Symbol.asyncDispose]: close,
  }
}
