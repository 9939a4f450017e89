/** An MCP server on Express, with version 1 of the SDK and Streamable HTTP without sessions. */
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js"
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js"
import express, { type Express } from "express"
import type { AnyAuth } from "latchkey"
import { guard } from "latchkey/guard/mcp"

/**
 * @param auth `createAuth(fromEnv(process.env))`
 * @param publicUrl the address of this program as its clients know it, such as `"https://api.example"`
 * @param issuer the vendor, where a client gets its token
 */
export const mcpApp = (auth: AnyAuth, publicUrl: string, issuer: string): Express => {
  const metadata = { resource: `${publicUrl}/mcp`, authorizationServers: [issuer] }
  const protect = guard(auth, { publicUrl, metadata })
  const app = express()
  app.use(protect.metadata)
  app.post("/mcp", protect({ scopes: ["tools"] }), express.json(), async (request, response) => {
    const transport = new StreamableHTTPServerTransport()
    response.on("close", () => transport.close())
    await makeServer().connect(transport)
    await transport.handleRequest(request, response, request.body)
  })
  return app
}

const makeServer = (): McpServer => {
  const server = new McpServer({ name: "orders", version: "1.0.0" })
  server.registerTool("whoami", {}, ({ authInfo }) => ({
    content: [{ type: "text", text: `client ${authInfo?.clientId}` }],
  }))
  return server
}
