import type { Fault } from "./fault.ts"

const planted =
  (file: string, tests: Fault["tests"]) =>
  (name: string, find: string, replace: string): Fault => ({ name, file, find, replace, tests })

const fastify = planted("src/guard/fastify.ts", ["test/guard/fastify-decorator.test.ts"])
const declared = (file: string) => planted(file, ["test/types/global-declarations.test.ts"])
const mcp = planted("src/guard/mcp.ts", ["test/guard/examples/mcp.test.ts"])

/** What the users of the guards meet: the types, the declarations for a whole program, and the examples. */
export const guardUserFaults: ReadonlyArray<Fault> = [
  planted("src/guard/principal.ts", "types")(
    "the principal of a protected route may be absent",
    "    : Principal | undefined\n  : Principal\n",
    "    : Principal | undefined\n  : Principal | undefined\n",
  ),
  planted("src/guard/principal.ts", "types")(
    "the principal of an optional route is always there",
    "    : Principal | undefined\n  : Principal\n",
    "    : Principal\n  : Principal\n",
  ),
  planted("src/guard/needs.ts", "types")(
    "a misspelt requirement beside another one compiles",
    "[K in Exclude<keyof N, keyof Needs>]: never",
    "[K in Exclude<keyof N, keyof Needs>]: unknown",
  ),
  declared("src/guard/express.ts")(
    "the request of Express has the principal of another package too",
    '= Omit<Request, "auth"> & {',
    "= Request & {",
  ),
  declared("src/guard/express-global.ts")(
    "the global declaration has another name",
    "auth?: Principal | undefined",
    "user?: Principal | undefined",
  ),
  planted("src/guard/fastify-plugin.ts", ["test/guard/fastify-decorator.test.ts"])(
    "decoratorName is not declared",
    "decorateRequest(decoratorName, null)",
    'decorateRequest("auth", null)',
  ),
  fastify("decoratorName is not set", 'request[decoratorName as "auth"] =', "request.auth ="),
  fastify(
    "authOf reads request.auth whatever the name is",
    "principalIn(request, decoratorName)",
    "principalIn(request)",
  ),
  fastify("decoratorName may be empty", ' || decoratorName === ""', ""),
  planted("src/guard/web.ts", ["test/guard/examples/apps.test.ts"])(
    "the framework's second argument is lost",
    "{ ...context, auth }",
    "{ auth }",
  ),
  planted("src/guard/auth-info.ts", ["test/guard/examples/mcp.test.ts"])(
    "a tool gets no client",
    'principal.clientId ?? ""',
    '""',
  ),
  mcp(
    "the metadata of an MCP server is not served",
    "metadata: express.metadata,",
    "metadata: (_, __, next) => next(),",
  ),
  mcp("the metadata of a web MCP server is not served", "webMetadata: web.metadata", "webMetadata: () => undefined"),
]
