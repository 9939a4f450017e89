import type { Fault } from "./fault.ts"

const file = "src/adapters/oidc/instead.ts"
const tests = ["test/unit/instead.test.ts"]

/** What errors say to do instead of an operation that a vendor lacks. */
export const insteadFaults: ReadonlyArray<Fault> = [
  {
    name: "the refusal of a token exchange says nothing of an alternative",
    file,
    find: '{ for: "exchangeToken", ',
    replace: '{ for: "jwtBearer", ',
    tests,
  },
  {
    name: "an alternative is an operation that the vendor lacks",
    file,
    find: "(needs === undefined || can.includes(needs))",
    replace: "needs !== operation",
    tests,
  },
  {
    name: "the definition's own alternative is not used for its group",
    file,
    find: "?? named[0] ?? []",
    replace: "?? []",
    tests,
  },
  {
    name: "the alternative of a group replaces that of one operation",
    file,
    find: "named.find(([key]) => key === operation) ?? named[0]",
    replace: "named[0] ?? named.find(([key]) => key === operation)",
    tests,
  },
  {
    name: "an operation that the vendor has gets an alternative",
    file,
    find: "      if (can.includes(operation)) return []\n",
    replace: "",
    tests,
  },
  {
    name: "an alternative that concerns no missing operation is accepted",
    file,
    find: "!covers(key, operation) || can.includes(operation)",
    replace: 'operation === ""',
    tests,
  },
]
