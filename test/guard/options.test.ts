/** Wrong options, requirements and handlers, as plain JavaScript passes them: each is refused when the route is made. */
import { describe, expect, it } from "vitest"
import { guard as expressGuard } from "../../src/guard/express.ts"
import { guard as fastifyGuard } from "../../src/guard/fastify.ts"
import { makeGuard } from "../../src/guard/guard.ts"
import { guard as honoGuard } from "../../src/guard/hono.ts"
import { guard as mcpGuard, verifier } from "../../src/guard/mcp.ts"
import { nodeGuard } from "../../src/guard/node.ts"
import { webGuard } from "../../src/guard/web.ts"
import { stubAuth } from "./stub-auth.ts"

const auth = stubAuth("unasked")
const publicUrl = "https://api.example"

const problem = (path: string, message: string) =>
  expect.objectContaining({
    reason: { _tag: "InvalidConfig", issues: [{ path, message: expect.stringContaining(message) }] },
  })

/** Members that copies lack: those of a class. */
const inheriting = (members: object): never => Object.create(members) as never

type Wrong = readonly [value: unknown, path: string, message: string]

const options: ReadonlyArray<Wrong> = [
  [null, "", "a plain object"],
  [[], "", "a plain object"],
  [inheriting({ realm: "orders" }), "", "a plain object"],
  [{ scopes: ["read"] }, "scopes", "unknown"],
  [{ onRefusal: "next" }, "onRefusal", "a function"],
  [{ trustedProxy: "10.0.0.1" }, "trustedProxy", "a function"],
  [{ realm: 'the "orders"' }, "realm", "visible ASCII"],
  [{ realm: "caf\u00e9" }, "realm", "visible ASCII"],
  [{ metadata: {} }, "publicUrl", "required with dpop and metadata"],
  [{ timeout: 3 }, "timeout", "a duration with a unit"],
  [{ timeout: "0 seconds" }, "timeout", "a duration with a unit"],
  [{ preflight: true }, "preflight", '"pass"'],
  ...[
    "api.example",
    "/v1",
    "ftp://api.example",
    "https://",
    "https://api.example/?page=1",
    "https://api.example/#top",
    "https://api.example/a b",
    "https://ada:secret@api.example",
    "https://ada@api.example/v1",
    " https://api.example",
  ].map((url): Wrong => [{ publicUrl: url }, "publicUrl", "without user, query and fragment"]),
]

const metadata: ReadonlyArray<Wrong> = [
  [{ resources: publicUrl }, "metadata.resources", "unknown"],
  [{ resource: "https://other.example" }, "metadata.resource", "below publicUrl"],
  [{ resource: `${publicUrl}/v1?a=1` }, "metadata.resource", "below publicUrl"],
  [{ resource: "https://ada:secret@api.example/v1" }, "metadata.resource", "without user"],
  [{ resource: ` ${publicUrl}/v1` }, "metadata.resource", "below publicUrl"],
  [{ authorizationServers: "https://id.example" }, "metadata.authorizationServers", "a list of URLs"],
  [{ authorizationServers: ["id.example"] }, "metadata.authorizationServers", "a list of URLs"],
  [{ authorizationServers: ["https://id.example?a=1"] }, "metadata.authorizationServers", "a list of URLs"],
  [{ scopesSupported: "read" }, "metadata.scopesSupported", "a list of scopes"],
  [{ scopesSupported: ["read write"] }, "metadata.scopesSupported", "each without spaces"],
  [{ resourceName: 1 }, "metadata.resourceName", "a text"],
  [{ resourceDocumentation: "the wiki" }, "metadata.resourceDocumentation", "a URL"],
]

describe("the options of a guard", () => {
  it.each([...options])("cannot be %j", (value, path, message) => {
    expect(() => makeGuard(auth, value as never)).toThrow(problem(path, message))
  })

  it.each([...metadata])("cannot have the metadata %j", (value, path, message) => {
    expect(() => makeGuard(auth, { publicUrl, metadata: value as never })).toThrow(problem(path, message))
  })

  it.each([publicUrl, `${publicUrl}/`, "http://127.0.0.1:3000/v1/", "https://[::1]:8443", `${publicUrl}/@shop`])(
    "can have the public address %s",
    (url) => {
      expect(() => makeGuard(auth, { publicUrl: url, metadata: {} })).not.toThrow()
    },
  )

  it.each<[string, () => unknown]>([
    ["Express", () => expressGuard(auth, inheriting({ dpop: { mode: "required" } }))],
    ["Fastify", () => fastifyGuard(auth, inheriting({ dpop: { mode: "required" } }))],
    ["Hono", () => honoGuard(auth, inheriting({ dpop: { mode: "required" } }))],
    ["MCP", () => mcpGuard(auth, inheriting({ dpop: { mode: "required" } }))],
  ])("cannot be inherited, because a copy would lack them: %s", (_, make) => {
    expect(make).toThrow(problem("", "a plain object"))
  })
})

const needs: ReadonlyArray<Wrong> = [
  [null, "", "a plain object"],
  ["orders:read", "", "a plain object"],
  [["orders:read"], "", "a plain object"],
  [inheriting({ scopes: ["admin"] }), "", "a plain object"],
  [{ scope: ["orders:read"] }, "scope", "unknown"],
  [{ scopes: [] }, "scopes", "one name at least"],
  [{ scopes: "orders:read" }, "scopes", "a list of names"],
  [{ scopes: ["orders:read orders:write"] }, "scopes", "without spaces"],
  [{ anyScope: ['a"b'] }, "anyScope", "a list of names"],
  [{ acr: "mfa" }, "acr", "a list of names"],
  [{ acr: [] }, "acr", "one name at least"],
  [{ maxAuthAge: 300 }, "maxAuthAge", "a duration with a unit"],
  [{ maxAuthAge: "0 seconds" }, "maxAuthAge", "1 second at least"],
  [{ maxAuthAge: "999 millis" }, "maxAuthAge", "1 second at least"],
  [{ freshness: "fresh" }, "freshness", '"prefer-local"'],
  [{ freshness: { maxAge: "1 minute", live: true } }, "freshness", '"prefer-local"'],
  [{ optional: "yes" }, "optional", "true or false"],
]

describe("the requirements of a route", () => {
  it.each([...needs])("cannot be %j", (value, path, message) => {
    expect(() => makeGuard(auth)(value as never)).toThrow(problem(path, message))
  })

  it("may be those of an object without a prototype", () => {
    expect(() => makeGuard(auth)(Object.assign(Object.create(null), { scopes: ["read"] }))).not.toThrow()
  })

  it.each<[string, (wrong: never) => unknown]>([
    ["the middleware", (wrong) => mcpGuard(auth)(wrong)],
    ["the web handler", (wrong) => mcpGuard(auth).web(wrong, () => new Response())],
  ])("cannot be inherited or null at an MCP server: %s", (_, make) => {
    for (const wrong of [inheriting({ scopes: ["admin"] }), null as never])
      expect(() => make(wrong)).toThrow(problem("", "a plain object"))
  })
})

describe("the verifier for the gate of the MCP SDK", () => {
  it("takes no DPoP, because the gate shows a token without its proof", () => {
    const options: object = { publicUrl, dpop: { replay: "external", mode: "required" } }
    expect(() => verifier(auth, (text) => new Error(text), options)).toThrow(problem("dpop", "use guard"))
    // @ts-expect-error no such option
    expect(() => verifier(auth, (text) => new Error(text), { dpop: { replay: "external" } })).toThrow()
  })
})

describe("a handler that is no function", () => {
  it.each<[string, (handler: never) => unknown]>([
    ["node:http", (handler) => nodeGuard(auth)({}, handler)],
    ["web handlers", (handler) => webGuard(auth)({}, handler)],
    ["MCP", (handler) => mcpGuard(auth).web({}, handler)],
  ])("is refused before a request waits for its answer: %s", (_, make) => {
    for (const handler of [undefined, []] as ReadonlyArray<never | undefined>)
      expect(() => make(handler as never)).toThrow(problem("handler", "expected the function"))
  })

  it("is refused in Express, where it may be absent", () => {
    expect(() => expressGuard(auth)({}, [] as never)).toThrow(problem("handler", "expected the function"))
    expect(() => expressGuard(auth)({})).not.toThrow()
  })
})
