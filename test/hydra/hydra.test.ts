import { spawn } from "node:child_process"
import { once } from "node:events"
import { connect } from "node:net"
import { describe, expect, it } from "vitest"
import { z } from "zod"
import { hydraBinary } from "./build.ts"
import { runningHydra } from "./running.ts"
import { type Hydra, startHydra } from "./start.ts"

const binary = await hydraBinary()
const missing = "missing" in binary ? binary.missing : undefined
if (missing !== undefined) process.stderr.write(`Skipped, no Ory Hydra: ${missing}\n`)

/** Whether a server listens on the port of a URL. */
function listens(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1")
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false))
    socket.on("connect", () => socket.destroy())
  })
}

/** Whether the process with this id exists. */
function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Creates a client, and returns the token endpoint's response to its client credentials. */
async function tokenResponse(hydra: Hydra): Promise<unknown> {
  const client = { client_id: "c", client_secret: "secret-of-c", grant_types: ["client_credentials"] }
  const created = await fetch(`${hydra.adminUrl}/admin/clients`, { method: "POST", body: JSON.stringify(client) })
  expect(created.status).toBe(201)
  const response = await fetch(`${hydra.publicUrl}/oauth2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa("c:secret-of-c")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  })
  expect(response.status).toBe(200)
  return response.json()
}

/** Starts a Hydra in another Node process, which then ends by running the code `end`. Returns Hydra's public URL. */
async function startInOtherProcess(end: string): Promise<string> {
  const start = new URL("./start.ts", import.meta.url).href
  const script = `const { startHydra } = await import(${JSON.stringify(start)})
    console.log((await startHydra()).publicUrl)
    setTimeout(() => { ${end} }, 50)`
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "ignore"] })
  let output = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text
  })
  await once(child, "close")
  return output.trim()
}

describe.skipIf(missing !== undefined)("a real Ory Hydra", () => {
  it.each(["opaque", "jwt"] as const)("starts, issues %s access tokens, and leaves no process behind", async (kind) => {
    const hydra = await startHydra({ accessTokens: kind, accessTokenLifespan: "5m" })
    try {
      expect(hydra.version).toMatch(/^v\d+\.\d+\.\d+/)
      for (const url of [hydra.publicUrl, hydra.adminUrl]) {
        expect((await fetch(`${url}/health/ready`)).status).toBe(200)
      }
      const discovery = await fetch(`${hydra.publicUrl}/.well-known/openid-configuration`)
      expect(await discovery.json()).toMatchObject({
        issuer: hydra.publicUrl,
        registration_endpoint: `${hydra.publicUrl}/oauth2/register`,
      })
      const { access_token, expires_in } = z
        .object({ access_token: z.string(), expires_in: z.number() })
        .parse(await tokenResponse(hydra))
      expect(access_token.split(".")).toHaveLength(kind === "jwt" ? 3 : 2)
      expect(expires_in).toBeLessThanOrEqual(300)
      expect(expires_in).toBeGreaterThan(270)
    } finally {
      await hydra.close()
    }
    await hydra.close()
    expect(alive(hydra.pid)).toBe(false)
    expect(await listens(hydra.publicUrl)).toBe(false)
    expect(await listens(hydra.adminUrl)).toBe(false)
  })

  it("runs twice at once, with separate databases", async () => {
    await using first = await startHydra()
    await using second = await startHydra()
    expect(new Set([first.publicUrl, first.adminUrl, second.publicUrl, second.adminUrl]).size).toBe(4)
    await tokenResponse(first)
    expect((await fetch(`${second.adminUrl}/admin/clients/c`)).status).toBe(404)
  })

  it("fails with Hydra's error output when it does not start", async () => {
    const start = startHydra({ accessTokenLifespan: "soon" })
    await expect(start).rejects.toThrow(/^Ory Hydra did not start: it ended by itself\n.*ttl\/access_token/s)
  })

  it.each([
    ["exits", "process.exit(0)"],
    ["crashes", "throw new Error('crash')"],
    ["is killed", "process.kill(process.pid, 'SIGKILL')"],
  ])("does not outlive a process that %s", async (_, end) => {
    const url = await startInOtherProcess(end)
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    await expect.poll(() => listens(url), { timeout: 5_000 }).toBe(false)
  })
})

describe("a Hydra that runs already", () => {
  it("is configured by two variables that are both set or both unset", () => {
    expect(runningHydra({})).toBeUndefined()
    expect(runningHydra({ HYDRA_PUBLIC_URL: "http://h:4444/", HYDRA_ADMIN_URL: "http://h:4445" })).toEqual({
      publicUrl: "http://h:4444",
      adminUrl: "http://h:4445",
    })
    expect(() => runningHydra({ HYDRA_PUBLIC_URL: "http://h:4444" })).toThrow("HYDRA_ADMIN_URL is not set")
    expect(() => runningHydra({ HYDRA_PUBLIC_URL: "h", HYDRA_ADMIN_URL: "http://h" })).toThrow(
      "HYDRA_PUBLIC_URL is not",
    )
  })
})

describe("the Hydra binary", () => {
  it("is missing, with a reason, when Hydra is off, and a named binary must be executable", async () => {
    expect(await hydraBinary({ LATCHKEY_HYDRA: "off" })).toEqual({
      missing: expect.stringContaining("LATCHKEY_HYDRA=off"),
    })
    await expect(hydraBinary({ LATCHKEY_HYDRA_BINARY: "/nowhere/hydra" })).rejects.toThrow("LATCHKEY_HYDRA_BINARY")
  })
})
