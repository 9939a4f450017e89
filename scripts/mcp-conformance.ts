/**
 * Runs the server scenarios of the MCP conformance suite against one server, without a guard and behind it, and compares
 * the results: a guard must change none. The suite sends no token, so a proxy on loopback adds it. No scenario of the suite
 * is about a server's authorization: its `auth` scenarios test clients.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createServer, request as forward, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { testAuth } from "@latchkey/testing"
import { guard } from "latchkey/guard/mcp"
import { conformanceApp } from "./mcp-conformance/server.ts"

const suite = "@modelcontextprotocol/conformance@0.1.16"

const serve = async (listener: RequestListener) => {
  const server = createServer(listener).listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  return { port, [Symbol.dispose]: () => server.close() && server.closeAllConnections() }
}

/** Passes requests on with a token. `Host` stays, so that the server judges that of the suite. */
const withToken =
  (port: number): RequestListener =>
  (request, response) => {
    const headers = { ...request.headers, authorization: "Bearer good" }
    const { method, url: path } = request
    const onward = forward({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on("error", () => response.destroy())
    response.on("close", () => onward.destroy())
    request.pipe(onward)
  }

/** Returns the lines of the suite's summary, such as "✓ ping: 1 passed, 0 failed". */
const resultsOf = async (url: string): Promise<ReadonlyArray<string>> => {
  const args = ["--yes", suite, "server", "--url", url, "--suite", "all"]
  const child = spawn("npx", args, { stdio: ["ignore", "pipe", "pipe"] })
  const chunks: Array<Buffer> = []
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk))
  await once(child, "close")
  const output = Buffer.concat(chunks).toString("utf8")
  const lines = output.split("\n").filter((line) => /^\s*[✓✗] [\w-]+: \d+ passed, \d+ failed/.test(line))
  if (lines.length === 0) throw new Error(`the suite printed no result:\n${output.slice(-2000)}`)
  return lines.map((line) => line.trim())
}

const auth = testAuth({ tokens: { good: { clientId: "agent", scopes: ["tools"] } } })
const publicUrl = "https://api.example"
const metadata = { resource: `${publicUrl}/mcp`, authorizationServers: ["https://id.example"] }
const protect = guard(auth, { publicUrl, metadata })

using open = await serve(conformanceApp())
using guarded = await serve(conformanceApp(protect({ scopes: ["tools"] })))
using proxy = await serve(withToken(guarded.port))

const without = await resultsOf(`http://127.0.0.1:${open.port}/mcp`)
const behind = await resultsOf(`http://127.0.0.1:${proxy.port}/mcp`)
console.log(`${suite}, suite "all": behind the guard, with a token`)
for (const line of behind) console.log(`  ${line}`)
const changed = without.filter((line) => !behind.includes(line))
for (const line of changed) console.log(`without the guard: ${line}`)
console.log(`${behind.length} scenarios, ${changed.length} changed by the guard; ${auth.asked.length} tokens checked`)
process.exitCode = changed.length === 0 && behind.length === without.length && auth.asked.length > 0 ? 0 : 1
