import { testAuth, unavailable } from "@latchkey/testing"
import { Client } from "@modelcontextprotocol/sdk/client/index.js"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js"
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js"
import { describe, expect, test } from "vitest"
import { mcpApp } from "../../../examples/guards/mcp-express.ts"
import { mcpFetch } from "../../../examples/guards/mcp-web.ts"
import { serve } from "./serve.ts"

const publicUrl = "https://api.example"
const issuer = "https://id.example"
const metadataPath = "/.well-known/oauth-protected-resource/mcp"
const auth = testAuth({
  tokens: { good: { clientId: "agent", scopes: ["tools"] }, other: { scopes: [] }, down: unavailable },
})

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>

/** Runs a use of each example, with the `fetch` that reaches it below `https://api.example`. */
const servers: Readonly<Record<string, (use: (send: Fetch) => Promise<void>) => Promise<void>>> = {
  "mcp-express.ts": async (use) => {
    using server = await serve(mcpApp(auth, publicUrl, issuer))
    await use((url, init) => fetch(String(url).replace(publicUrl, server.url), init))
  },
  "mcp-web.ts": async (use) => {
    const handle = mcpFetch(auth, publicUrl, issuer)
    await use((url, init) => handle(new Request(url, init)))
  },
}

const callTool = async (send: Fetch, token: string | undefined) => {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const url = new URL(`${publicUrl}/mcp`)
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers }, fetch: send })
  const client = new Client({ name: "test", version: "1.0.0" })
  await client.connect(transport as Transport)
  const result = await client.callTool({ name: "whoami" })
  await client.close()
  return result.content
}

describe.each(Object.entries(servers))("examples/guards/%s", (_, run) => {
  test("runs a tool for the SDK's own client with a good token, which the tool gets", () =>
    run(async (send) => {
      expect(await callTool(send, "good")).toEqual([{ type: "text", text: "client agent" }])
    }))

  test.each<[string, string | undefined, number]>([
    ["no token", undefined, 401],
    ["an unknown token", "unknown", 401],
    ["a token without the scope", "other", 403],
    ["the vendor down", "down", 503],
  ])("refuses the SDK's own client with %s", (_, token, status) =>
    run(async (send) => {
      const responses: Array<Response> = []
      const recording: Fetch = async (url, init) => {
        const response = await send(url, init)
        responses.push(response.clone())
        return response
      }
      await expect(callTool(recording, token)).rejects.toThrow()
      const [first] = responses
      expect(first?.status).toBe(status)
      const challenge = first?.headers.get("www-authenticate")
      if (status === 503) expect([challenge, Number(first?.headers.get("retry-after")) > 0]).toEqual([null, true])
      else expect(challenge).toContain(`resource_metadata="${publicUrl}${metadataPath}"`)
    }),
  )

  test("publishes the protected resource metadata that the challenge names", () =>
    run(async (send) => {
      const response = await send(publicUrl + metadataPath)
      expect(await response.json()).toMatchObject({ resource: `${publicUrl}/mcp`, authorization_servers: [issuer] })
    }))
})
