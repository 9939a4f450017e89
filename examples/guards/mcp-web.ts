/** An MCP server of `Request` and `Response`, with version 2 of the SDK: Bun, Deno, Workers, Next.js. */
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server"
import type { AnyAuth } from "latchkey"
import { guard } from "latchkey/guard/mcp"

/**
 * @param auth `createAuth(fromEnv(process.env))`
 * @param publicUrl the address of this program as its clients know it, such as `"https://api.example"`
 * @param issuer the vendor, where a client gets its token
 */
export const mcpFetch = (auth: AnyAuth, publicUrl: string, issuer: string) => {
  const metadata = { resource: `${publicUrl}/mcp`, authorizationServers: [issuer] }
  const protect = guard(auth, { publicUrl, metadata })
  const mcp = createMcpHandler(makeServer)
  const handle = protect.web({ scopes: ["tools"] }, (request, { authInfo }) => mcp.fetch(request, { authInfo }))
  return async (request: Request): Promise<Response> => protect.webMetadata(request) ?? handle(request)
}

const makeServer = (): McpServer => {
  const server = new McpServer({ name: "orders", version: "1.0.0" })
  server.registerTool("whoami", {}, ({ http }) => ({
    content: [{ type: "text", text: `client ${http?.authInfo?.clientId}` }],
  }))
  return server
}
