/** The commands of the demo and of the login example, in processes of their own. */
import { type ChildProcessByStdio, spawn } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Readable } from "node:stream"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"

// A process loads all sources, which takes seconds on a busy machine.
const timeout = 60_000

const root = fileURLToPath(new URL("../../", import.meta.url))

interface Started {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  /** What the process has printed. */
  readonly output: () => string
  /** Waits for a text that the process prints, or for its end. */
  readonly printed: (pattern: RegExp) => Promise<string>
  /** Waits for the end, and returns the exit code. */
  readonly ended: Promise<number | null>
}

const start = (args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}): Started => {
  const child = spawn(process.execPath, ["--conditions=latchkey-source", ...args], {
    ...{ cwd: root, env: { PATH: process.env.PATH, ...env } },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let output = ""
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text
    })
  const ended = once(child, "close").then(() => child.exitCode)
  const printed = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(output)?.[0]
      if (found !== undefined) return found
      if (child.exitCode !== null) throw new Error(`expected ${pattern}, the process ended with: ${output}`)
      await Promise.race([once(child.stdout, "data"), once(child, "close")])
    }
  }
  return { child, output: () => output, printed, ended }
}

/** Takes a port of loopback. */
const takePort = async () => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  return { port, [Symbol.asyncDispose]: async () => void server.close() }
}

describe("npm run demo", { timeout }, () => {
  it("prints the results of every vendor in less than 25 lines, without an error", async () => {
    const { output, ended } = start(["demo/demo.ts"])
    expect(await ended).toBe(0)
    const lines = output().trimEnd().split("\n")
    expect(lines.length).toBeLessThan(25)
    const row = (name: string) =>
      lines
        .find((line) => line.startsWith(`${name}  `))
        ?.split(/\s{2,}/)
        .slice(1)
    expect(row("operation")).toEqual(["kinde", "ory", "polar", "oidc", "keycloak-like", "auth0"])
    expect(row("API")).toEqual(["200", "200", "200", "200", "200", "200"])
    // Auth0 has no introspection: the signature of a token answers.
    expect(row("API, vendor down")).toEqual(["503", "503", "503", "503", "503", "200"])
    expect(row("API, token revoked")).toEqual(["401", "401", "401", "401", "401", "200"])
  })

  it.each(["SIGINT", "SIGTERM"] as const)("serves a page on loopback until %s, and then ends well", async (signal) => {
    const demo = start(["demo/demo.ts", "--serve"])
    const url = await demo.printed(/http:\/\/127\.0\.0\.1:\d+/)
    expect((await fetch(url)).status).toBe(200)
    demo.child.kill(signal)
    expect(await demo.ended).toBe(0)
    await expect(fetch(url)).rejects.toThrow()
  })

  it("says what to do if the port is in use", async () => {
    await using taken = await takePort()
    const { output, ended } = start(["demo/demo.ts", "--serve", "--port", String(taken.port)])
    expect(await ended).toBe(1)
    expect(output()).toBe(
      `Port ${taken.port} is in use. Give another one with --port, or leave --port out for a free one.\n`,
    )
  })

  it("prints how to use it if an argument is wrong", async () => {
    const { output, ended } = start(["demo/demo.ts", "--serve", "--port", "x"])
    expect(await ended).toBe(1)
    expect(output()).toMatch(/^usage: npm run demo/)
  })
})

describe("examples/login/start.ts", { timeout }, () => {
  // No server listens there: a login starts without a request to the vendor.
  const vendorUrl = "http://127.0.0.1:1"
  const vendor = {
    LATCHKEY_PROVIDER: "polar",
    LATCHKEY_API_URL: vendorUrl,
    LATCHKEY_AUTHORIZE_URL: `${vendorUrl}/oauth2/authorize`,
    LATCHKEY_INSECURE_ORIGINS: vendorUrl,
    LATCHKEY_CLIENT_ID: "shop",
    LATCHKEY_CLIENT_SECRET: "secret",
    SESSION_PASSWORD: "a password of the tests, of more than 32 characters",
  }

  it.each(["express", "hono"])("starts the app in %s with the vendor of the environment", async (framework) => {
    const { port } = await takePort().then(async (taken) => {
      await taken[Symbol.asyncDispose]()
      return taken
    })
    const app = start(["examples/login/start.ts", framework], { ...vendor, APP_URL: `http://127.0.0.1:${port}` })
    const url = await app.printed(/http:\/\/127\.0\.0\.1:\d+/)
    expect(await (await fetch(url)).text()).toContain("Log in")
    const login = await fetch(`${url}/login`, { redirect: "manual" })
    const target = new URL(login.headers.get("location") ?? "")
    expect(target.href).toContain(`${vendorUrl}/oauth2/authorize?`)
    expect(target.searchParams.get("redirect_uri")).toBe(`http://127.0.0.1:${port}/callback`)
    app.child.kill()
    await app.ended
  })

  it("rejects a password that is too short", async () => {
    const { output, ended } = start(["examples/login/start.ts", "hono"], { ...vendor, SESSION_PASSWORD: "short" })
    expect(await ended).toBe(1)
    expect(output()).toContain("SESSION_PASSWORD: expected 32 random characters or more")
  })

  it("names the variable that the vendor requires", async () => {
    const { LATCHKEY_CLIENT_ID: _, ...incomplete } = vendor
    const { output, ended } = start(["examples/login/start.ts", "hono"], incomplete)
    expect(await ended).toBe(1)
    expect(output()).toContain("LATCHKEY_CLIENT_ID")
  })
})
