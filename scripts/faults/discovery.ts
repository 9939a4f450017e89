import type { Fault } from "./fault.ts"

const file = "src/adapters/oidc/operations/discovery.ts"
const engine = "src/adapters/oidc/engine/make-engine.ts"
const tests = ["test/bad-days/discovery.test.ts"]

/** Whom a server's own document is believed about. */
export const discovery: ReadonlyArray<Fault> = [
  {
    name: "the issuer of a discovered document is not compared",
    file,
    find: "!isIssuer(engine.server, raw.issuer)",
    replace: '!isIssuer(engine.server, raw.issuer) && raw.issuer === ""',
    tests,
  },
  {
    name: "the issuer of a discovered document is compared after normalisation",
    file,
    find: "!isIssuer(engine.server, raw.issuer)",
    replace:
      "!isIssuer(engine.server, raw.issuer) && URL.parse(raw.issuer)?.href !== URL.parse(engine.server.issuer)?.href",
    tests,
  },
  {
    name: "a discovered endpoint on another origin is believed",
    file,
    find: "return origin === new URL(server.metadataUrl).origin",
    replace: 'return server.metadataUrl !== ""',
    tests,
  },
  {
    name: "a browser is sent to any address that a document names",
    file,
    find: "return isWebPage(url, insecure)",
    replace: 'return isWebPage("https://any.example", insecure)',
    tests,
  },
  {
    name: "a discovery that failed is remembered",
    file: "src/internal/refresh-ahead.ts",
    find: "        underWay = undefined\n",
    replace: "        if (Exit.isSuccess(exit)) underWay = undefined\n",
    tests,
  },
  {
    name: "the document is fetched again for every call",
    file: engine,
    find: "isFresh: ({ at }) => ageSince(at) < discoveredFor,\n      serves: ({ at }) => ageSince(at) < staleFor,",
    replace: "isFresh: ({ at }) => ageSince(at) < -discoveredFor,\n      serves: ({ at }) => ageSince(at) < -staleFor,",
    tests,
  },
  {
    name: "a fetched key keeps its private members",
    file,
    find: "!secretMembers.has(name)",
    replace: 'name !== ""',
    tests: ["test/unit/published-keys.test.ts"],
  },
]
