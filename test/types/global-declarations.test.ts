import { execFile } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { describe, expect, test } from "vitest"

const run = promisify(execFile)
const root = join(import.meta.dirname, "..", "..")

/** Compiles one file as a program of its own, because a global declaration is for a whole program. */
const messagesOf = async (code: string): Promise<string> => {
  // The folder is inside the project, so that `latchkey` in the file resolves to this package.
  const folder = mkdtempSync(join(root, "test", "types", ".program-"))
  try {
    writeFileSync(join(folder, "program.ts"), code)
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: "../../../tsconfig.json", ...files }))
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc")
    const { stdout } = await run(process.execPath, [tsc, "--noEmit", "-p", folder]).catch(
      (error: { stdout: string }) => error,
    )
    return stdout
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const files = { files: ["program.ts"], include: [] }

const ours = `
import type { RequestHandler } from "express"
import { testAuth } from "@latchkey/testing"
import type { Principal } from "latchkey/guard"
import { authOf, guard } from "latchkey/guard/express"

const protect = guard(testAuth())
export const route: RequestHandler = protect({ scopes: ["orders:read"] }, (request, response) => {
  const principal: Principal = request.auth
  response.json({ subject: principal.subject, expiresAt: principal.expiresAt?.getTime() })
})
export const later: RequestHandler = (request, response) => void response.json(authOf(request).claims)
`

const auth0 = `
import { auth } from "express-oauth2-jwt-bearer"
export const bearer = auth({ issuerBaseURL: "https://id.example", audience: "orders" })
export const theirs: RequestHandler = (request, response) => void response.json(request.auth?.payload.sub)
`

const mcp = `
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js"
export const gate = (verifier: Parameters<typeof requireBearerAuth>[0]["verifier"]) => requireBearerAuth({ verifier })
export const theirs: RequestHandler = (request, response) => void response.json(request.auth?.clientId)
export const exact = protect((request) => {
  // @ts-expect-error a member of theirs, which a principal lacks
  request.auth.extra
})
`

const global = `
import "latchkey/guard/express-global"
export const plain: RequestHandler = (request, response) => {
  const principal: Principal | undefined = request.auth
  response.json(principal?.subject)
}
export const passed = protect((request, _, next) => {
  // A request with a principal is one that may have a principal.
  plain(request, _, next)
})
`

describe("the guard for Express", { timeout: 60_000 }, () => {
  test.each<[string, string]>([
    ["alone", ""],
    ["beside the package express-oauth2-jwt-bearer, which declares Request.auth", auth0],
    ["beside the MCP SDK, which declares Request.auth", mcp],
  ])("compiles %s", async (_, theirs) => {
    expect(await messagesOf(ours + theirs)).toBe("")
  })

  test("declares nothing global", async () => {
    const reading = "export const plain: RequestHandler = (request, response) => void response.json(request.auth)"
    expect(await messagesOf(ours + reading)).toMatch(/Property 'auth' does not exist on type 'Request/)
  })
})

describe("latchkey/guard/express-global", { timeout: 60_000 }, () => {
  test("declares Request.auth where no other package does", async () => {
    expect(await messagesOf(ours + global)).toBe("")
  })

  test("conflicts with another package that declares Request.auth, so that the bindings must not load it", async () => {
    expect(await messagesOf(ours + global + auth0)).toMatch(/'payload' does not exist on type 'Principal'/)
  })
})

const fastify = `
import Fastify from "fastify"
import { testAuth } from "@latchkey/testing"
import type { Principal } from "latchkey/guard"
import { guard } from "latchkey/guard/fastify"

const protect = guard(testAuth(), { decoratorName: "user" })
export const app = Fastify()
app.get("/", { onRequest: protect() }, async (request): Promise<Principal> => protect.authOf(request))
`

const jwt = `
import "fastify-jwt-jwks"
app.get("/theirs", { preValidation: app.authenticate }, async (request) => [request.user, request.auth?.subject])
`

const own = `
declare module "fastify" {
  interface FastifyRequest {
    user: Principal | null
  }
}
app.get("/own", { onRequest: protect() }, async (request) => request.user?.subject)
`

describe("the guard for Fastify", { timeout: 60_000 }, () => {
  test.each<[string, string]>([
    ["beside @fastify/jwt, which declares request.user", jwt],
    ["with request.user as the program declares it", own],
  ])("compiles %s", async (_, more) => {
    expect(await messagesOf(fastify + more)).toBe("")
  })
})
