import type { Fault } from "./fault.ts"

const plugin = ["test/guard/fastify-plugin.test.ts"]
const paths = ["test/guard/metadata-paths.test.ts"]
const responses = ["test/guard/responses.test.ts"]
const adapters = ["test/guard/adapters.test.ts"]

/** What a framework, an adapter or a proxy could make of a guard. */
export const guardFrameworkFaults: ReadonlyArray<Fault> = [
  {
    name: "a second guard of one Fastify does not start",
    file: "src/guard/fastify-plugin.ts",
    find: "if (!instance.hasDecorator(declared)) {",
    replace: "{",
    tests: plugin,
  },
  {
    name: "a guard for Fastify takes the decorator of another plugin",
    file: "src/guard/fastify-plugin.ts",
    find: "instance.hasDecorator(declared)",
    replace: "instance.hasRequestDecorator(decoratorName)",
    tests: plugin,
  },
  {
    name: "a hook of the whole Fastify refuses requests for the metadata",
    file: "src/guard/fastify.ts",
    find: "if (answer !== undefined) return void send(reply, answer)",
    replace: "",
    tests: plugin,
  },
  {
    name: "a hook of the whole Fastify lets requests for the metadata pass",
    file: "src/guard/fastify.ts",
    find: "if (answer !== undefined) return void send(reply, answer)",
    replace: "if (answer !== undefined) return done()",
    tests: plugin,
  },
  {
    name: "the metadata of Fastify is registered below a prefix",
    file: "src/guard/fastify-plugin.ts",
    find: 'if (instance.prefix !== "") throw',
    replace: "if (instance.prefix === message) throw",
    tests: plugin,
  },
  {
    name: "Fastify answers HEAD with the length of no body",
    file: "src/guard/fastify-plugin.ts",
    find: "{ ...refusal, body: bodyOf(refusal.situation) }",
    replace: "refusal",
    tests: ["test/guard/head.test.ts"],
  },
  {
    name: "the metadata of a path with letters outside ASCII is not found",
    file: "src/guard/metadata.ts",
    find: 'decodeURI(path).replaceAll(":", "::")',
    replace: 'path.replaceAll(":", "::")',
    tests: paths,
  },
  {
    name: "a colon in the path of the metadata is a parameter",
    file: "src/guard/metadata.ts",
    find: 'decodeURI(path).replaceAll(":", "::")',
    replace: "decodeURI(path)",
    tests: paths,
  },
  {
    name: "a stream of HTTP/2 whose client is gone is a fault of the vendor",
    file: "src/guard/node-request.ts",
    find: "if (known !== undefined) return known",
    replace: "if (known?.aborted === false) return known",
    tests: ["test/guard/gone-client.test.ts"],
  },
  {
    name: "a request without lines has no credentials",
    file: "src/guard/node-request.ts",
    find: "joinedValues(request.headers[name])",
    replace: "undefined",
    tests: adapters,
  },
  {
    name: "the first of two values counts in a request without lines",
    file: "src/guard/node-request.ts",
    find: 'value.join(", ")',
    replace: 'value[0] ?? ""',
    tests: adapters,
  },
  {
    name: "a guard of node:http adds headers to a response that has begun",
    file: "src/guard/node-request.ts",
    find: "  if (response.headersSent) return\n",
    replace: "",
    tests: responses,
  },
  {
    name: "a guard copies a response that cannot be copied",
    file: "src/guard/web-request.ts",
    find: "({ status }: Response): boolean => status >= 200",
    replace: "({ status }: Response): boolean => status >= 0",
    tests: responses,
  },
  {
    name: "the application's function is not called behind a trusted proxy",
    file: "src/guard/certificate.ts",
    find: 'fromHeader(request.header("client-cert")) ?? certificate?.(request)',
    replace: 'fromHeader(request.header("client-cert"))',
    tests: ["test/guard/certificate.test.ts"],
  },
  {
    name: "a signal that outlives a response keeps it",
    file: "src/guard/expiry-signal.ts",
    find: '    signal?.removeEventListener("abort", follow)\n',
    replace: "",
    tests: ["test/guard/hooks.test.ts"],
  },
  {
    name: "the verifier of an MCP server takes DPoP, and lets no token pass",
    file: "src/guard/settings.ts",
    find: "if (options?.dpop === undefined) return",
    replace: "if (options?.dpop !== null) return",
    tests: ["test/guard/options.test.ts"],
  },
  {
    name: "the guard for Hono copies a response that cannot be copied",
    file: "src/guard/hono.ts",
    find: "headers !== undefined && isCopyable(context.res)",
    replace: "headers !== undefined",
    tests: responses,
  },
  {
    name: "each check of one socket adds a listener",
    file: "src/guard/node-request.ts",
    find: "  signals.set(response, controller.signal)\n",
    replace: "",
    tests: ["test/guard/repeated-checks.test.ts"],
  },
  {
    name: "each check with a client of the Effect API leaves a listener behind",
    file: "src/guard/introspector.ts",
    find: '      fiber.addObserver(() => end.removeEventListener("abort", interrupt))\n',
    replace: "",
    tests: ["test/guard/repeated-checks.test.ts"],
  },
  {
    name: "a response of Node that is over is kept until its token expires",
    file: "src/guard/expiry-signal.ts",
    find: '"aborted" in end ? end : closedSignal(end)()',
    replace: '"aborted" in end ? end : undefined',
    tests: ["test/guard/hooks.test.ts"],
  },
  {
    name: "a PEM is hashed as a certificate",
    file: "src/guard/certificate.ts",
    find: "if (!ArrayBuffer.isView(der))",
    replace: "if (der === null)",
    tests: ["test/guard/certificate.test.ts"],
  },
  {
    name: "an asynchronous function trusts no proxy",
    file: "src/guard/certificate.ts",
    find: 'if (typeof isTrusted !== "boolean")',
    replace: "if (isTrusted === null)",
    tests: ["test/guard/certificate.test.ts"],
  },
]
