/** docs/guide/start.md: the files of the page, run as the page tells, in a folder of their own. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it, onTestFinished } from "vitest"
import { text } from "./examples.ts"

const root = join(import.meta.dirname, "..", "..")

/** Starts a file of the example, and waits until it says that it is ready. */
const start = async (file: string, cwd: string, args: ReadonlyArray<string> = [], env = {}): Promise<ChildProcess> => {
  const path = join(root, "examples", "start", file)
  const child = spawn(process.execPath, ["--conditions=latchkey-source", ...args, path], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  onTestFinished(() => void child.kill())
  const errors: Array<string> = []
  child.stderr?.on("data", (chunk) => errors.push(String(chunk)))
  const ended = once(child, "exit").then(() => expect.fail(`${file} ended: ${errors.join("")}`))
  if (child.stdout !== null) await Promise.race([once(child.stdout, "data"), ended])
  ended.catch(() => undefined)
  return child
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  return typeof address === "object" && address !== null ? address.port : expect.fail("no port")
}

it("answers 401, 200 and 403, and 503 after the vendor has stopped", async () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-start-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const vendor = await start("vendor.ts", folder)
  const PORT = String(await freePort())
  await start("app.ts", folder, ["--env-file=.env"], { PORT })

  const ask = async (token?: string) => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const response = await fetch(`http://127.0.0.1:${PORT}/orders`, { headers })
    return [response.status, response.headers.get("www-authenticate"), await response.text()] as const
  }
  const tokenIn = (file: string): string => readFileSync(join(folder, file), "utf8")
  const page = text("docs/guide/start.md")

  const [status, challenge] = await ask()
  expect(status).toBe(401)
  expect(page).toContain(`401, and \`WWW-Authenticate: ${challenge}\``)
  const [allowed, , body] = await ask(tokenIn("good.txt"))
  expect(allowed).toBe(200)
  expect(page).toContain(`200, \`${body}\``)
  expect((await ask(tokenIn("weak.txt")))[0]).toBe(403)

  const stopped = once(vendor, "exit")
  vendor.kill()
  await stopped
  // A token that the cache does not have. The page waits until the cached answer is too old instead.
  expect((await ask("another-token"))[0]).toBe(503)
}, 60_000)

it("ends with an error if another program has the port", async () => {
  const other = createServer().listen(0, "127.0.0.1")
  onTestFinished(() => void other.close())
  await once(other, "listening")
  const address = other.address()
  const PORT = String(typeof address === "object" ? address?.port : "")
  const [url, variables] = ["https://id.example", { LATCHKEY_PROVIDER: "oidc", LATCHKEY_CLIENT_ID: "a" }]
  const env = { ...variables, LATCHKEY_ISSUER: url, LATCHKEY_CLIENT_SECRET: "secret", PORT }
  await expect(start("app.ts", tmpdir(), [], env)).rejects.toThrow(/EADDRINUSE/)
}, 60_000)
