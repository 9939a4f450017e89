import type { Fault } from "./fault.ts"

const asynchronous = ["test/guard/asynchronous-hooks.test.ts"  {
    name: "the RSA key of a DPoP proof may be of any size",
    file: "src/guard/dpop/proof-form.ts",
    find: "value.length <= (longest[name] ?? value.length)",
    replace: "longest[name] !== 0",
    tests: ["test/guard/dpop/proof-keys.test.ts"],
  },
]
const absolute = ["test/guard/absolute-form.test.ts"  {
    name: "the RSA key of a DPoP proof may be of any size",
    file: "src/guard/dpop/proof-form.ts",
    find: "value.length <= (longest[name] ?? value.length)",
    replace: "longest[name] !== 0",
    tests: ["test/guard/dpop/proof-keys.test.ts"],
  },
]

const report = { file: "src/guard/report.ts", tests: asynchronous }

/** What an attacker, or a mistake of the application, could make of a guard. */
export const guardAttackFaults: ReadonlyArray<Fault> = [
  {
    ...report,
    name: "the rejection of an onError that hears of missing scopes ends the process",
    find: "return report(new AuthError(",
    replace: "return void report(new AuthError(",
  },
  {
    ...report,
    name: "the rejection of an onError that is called at intervals ends the process",
    find: "    return report(error)\n",
    replace: "    return void report(error)\n",
  },
  {
    name: "the target of a request completes the host that a DPoP proof must name",
    file: "src/guard/target.ts",
    find: 'path.startsWith("/") ? base + path : base',
    replace: "base + path",
    tests: absolute,
  },
  {
    name: "a whole URL of another scheme than http is a path",
    file: "src/guard/target.ts",
    find: "/^[a-z][a-z\\d+.-]*:\\/\\/[^/?#]*/i",
    replace: "/^https?:\\/\\/[^/?#]*/i",
    tests: absolute,
  },
  {
    name: "the RSA key of a DPoP proof may be of any size",
    file: "src/guard/dpop/proof-form.ts",
    find: "value.length <= (longest[name] ?? value.length)",
    replace: "longest[name] !== 0",
    tests: ["test/guard/dpop/proof-keys.test.ts"],
  },
]
