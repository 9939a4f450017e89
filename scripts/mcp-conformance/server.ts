/** An MCP server with what the conformance scenarios ask for, behind the guard or without it. */
import { randomUUID } from "node:crypto"
import { McpServer, ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js"
import { localhostHostValidation } from "@modelcontextprotocol/sdk/server/middleware/hostHeaderValidation.js"
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js"
import { type CallToolResult, CreateMessageResultSchema, ElicitResultSchema } from "@modelcontextprotocol/sdk/types.js"
import express, { type Express, type RequestHandler } from "express"
import { z } from "zod"

/** A transparent picture of one pixel, and a sound of no length. */
const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
const wav = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA=="

const text = (value: string) => ({ type: "text", text: value }) as const
const image = { type: "image", data: png, mimeType: "image/png" } as const
const embedded = (uri: string) =>
  ({
    type: "resource",
    resource: { uri, mimeType: "text/plain", text: "This is an embedded resource content." },
  }) as const

/** The tools whose result is always the same. */
const constant: Readonly<Record<string, CallToolResult>> = {
  test_simple_text: { content: [text("This is a simple text response for testing.")] },
  test_image_content: { content: [image] },
  test_audio_content: { content: [{ type: "audio", data: wav, mimeType: "audio/wav" }] },
  test_embedded_resource: { content: [embedded("test://embedded-resource")] },
  test_multiple_content_types: {
    content: [text("Multiple content types test:"), image, embedded("test://mixed-content-resource")],
  },
  test_error_handling: { content: [text("This tool intentionally returns an error for testing")], isError: true },
}

const addTools = (server: McpServer): void => {
  for (const [name, result] of Object.entries(constant)) server.registerTool(name, { description: name }, () => result)
  server.registerTool("test_tool_with_logging", { description: "sends log messages" }, async (extra) => {
    for (const data of ["Tool execution started", "Tool processing data", "Tool execution completed"])
      await extra.sendNotification({ method: "notifications/message", params: { level: "info", data } })
    return { content: [text("logged")] }
  })
  server.registerTool("test_tool_with_progress", { description: "reports progress" }, async (extra) => {
    const progressToken = extra._meta?.progressToken ?? 0
    for (const progress of [0, 50, 100])
      await extra.sendNotification({
        method: "notifications/progress",
        params: { progressToken, progress, total: 100 },
      })
    return { content: [text("done")] }
  })
  // Both requests go with the response of the call: the client's other stream may not be open yet.
  server.registerTool(
    "test_sampling",
    { description: "asks the client's model", inputSchema: { prompt: z.string() } },
    async ({ prompt }, { sendRequest }) => {
      const messages = [{ role: "user", content: text(prompt) } as const]
      const params = { messages, maxTokens: 100 }
      const { content } = await sendRequest({ method: "sampling/createMessage", params }, CreateMessageResultSchema)
      return { content: [text(`LLM response: ${"text" in content ? content.text : ""}`)] }
    },
  )
  server.registerTool(
    "test_elicitation",
    { description: "asks the user", inputSchema: { message: z.string() } },
    async ({ message }, { sendRequest }) => {
      const properties = { username: { type: "string" }, email: { type: "string" } } as const
      const requestedSchema = { type: "object" as const, properties, required: ["username", "email"] }
      const params = { message, requestedSchema }
      const answer = await sendRequest({ method: "elicitation/create", params }, ElicitResultSchema)
      return { content: [text(`User response: action=${answer.action}, content=${JSON.stringify(answer.content)}`)] }
    },
  )
}

const addResourcesAndPrompts = (server: McpServer): void => {
  const plain = { mimeType: "text/plain" }
  server.registerResource("text", "test://static-text", plain, ({ href: uri }) => ({
    contents: [{ uri, ...plain, text: "This is the content of the static text resource." }],
  }))
  server.registerResource("binary", "test://static-binary", { mimeType: "image/png" }, ({ href: uri }) => ({
    contents: [{ uri, mimeType: "image/png", blob: png }],
  }))
  const template = new ResourceTemplate("test://template/{id}/data", { list: undefined })
  server.registerResource("template", template, { mimeType: "application/json" }, ({ href: uri }, { id }) => ({
    contents: [
      {
        uri,
        mimeType: "application/json",
        text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
      },
    ],
  }))
  const user = (...content: ReadonlyArray<ReturnType<typeof text> | typeof image | ReturnType<typeof embedded>>) => ({
    messages: content.map((each) => ({ role: "user" as const, content: each })),
  })
  server.registerPrompt("test_simple_prompt", { description: "a prompt" }, () =>
    user(text("This is a simple prompt for testing.")),
  )
  server.registerPrompt(
    "test_prompt_with_arguments",
    { description: "a prompt with arguments", argsSchema: { arg1: z.string(), arg2: z.string() } },
    ({ arg1, arg2 }) => user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  )
  server.registerPrompt(
    "test_prompt_with_embedded_resource",
    { description: "a prompt with a resource", argsSchema: { resourceUri: z.string() } },
    (args) => user(embedded(args.resourceUri), text("Please process the embedded resource above.")),
  )
  server.registerPrompt("test_prompt_with_image", { description: "a prompt with a picture" }, () =>
    user(image, text("Please analyze the image above.")),
  )
}

const makeServer = (): McpServer => {
  const server = new McpServer({ name: "conformance", version: "1.0.0" }, { capabilities: { logging: {} } })
  addTools(server)
  addResourcesAndPrompts(server)
  return server
}

/**
 * Makes the application: Streamable HTTP with sessions, at `/mcp`.
 *
 * @param before what runs before the server: the guard, or nothing
 */
export const conformanceApp = (...before: ReadonlyArray<RequestHandler>): Express => {
  const sessions = new Map<string, StreamableHTTPServerTransport>()
  const app = express()
  app.use(localhostHostValidation())
  app.all("/mcp", ...before, express.json(), async (request, response) => {
    const known = sessions.get(String(request.headers["mcp-session-id"]))
    const transport =
      known ??
      new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => void sessions.set(id, transport),
      })
    if (known === undefined) await makeServer().connect(transport)
    await transport.handleRequest(request, response, request.body)
  })
  return app
}
