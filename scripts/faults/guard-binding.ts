import type { Fault } from "./fault.ts"

const certificates = { file: "src/guard/certificate.ts", tests: ["test/guard/certificate.test.ts"] }
const compared = { file: "src/internal/token-binding.ts", tests: ["test/policies/token-binding.test.ts"] }
const policy = { ...compared, file: "src/core/policies/token-binding.ts" }

/** What binds a token to its holder: certificates, and the option `binding`. */
export const guardBindingFaults: ReadonlyArray<Fault> = [
  {
    ...certificates,
    name: "the header Client-Cert counts on every connection",
    find: "if (isTrusted)",
    replace: 'if (request.header("client-cert"))',
  },
  {
    ...certificates,
    name: "the certificate of a trusted proxy counts as that of the client",
    find: 'return fromHeader(request.header("client-cert"))',
    replace: 'return fromHeader(request.header("client-cert")) ?? request.certificate?.()',
  },
  { ...certificates, name: "the first of two lines Client-Cert counts", find: "={0,2}):\\s*$/", replace: "={0,2}):/" },
  {
    ...certificates,
    name: "the application's function replaces the certificate of the connection",
    find: "request.certificate?.() ?? certificate?.(request)",
    replace: "certificate?.(request) ?? request.certificate?.()",
  },
  {
    ...certificates,
    name: "a connection's certificate does not count",
    find: "request.certificate?.() ?? ",
    replace: "",
  },
  {
    ...compared,
    name: "a token of another DPoP key passes",
    find: "jkt !== undefined && jkt !== proven.jkt",
    replace: "jkt !== undefined && proven.jkt === undefined",
  },
  {
    ...compared,
    name: "a token of another certificate passes",
    find: "x5tS256 !== undefined && x5tS256 !== proven.x5tS256",
    replace: "x5tS256 !== undefined && proven.x5tS256 === undefined",
  },
  {
    ...compared,
    name: "a token with a binding of an unknown kind passes",
    find: 'return "unknown-binding"',
    replace: "return undefined",
  },
  {
    ...compared,
    name: "an unbound token passes with a proof",
    find: 'proven.jkt === undefined ? undefined : "unbound-token-with-proof"',
    replace: "undefined",
  },
  {
    ...policy,
    name: "the option binding is not compared",
    find: "Effect.map(state, judgeFor(args))",
    replace: "state",
  },
  {
    ...policy,
    name: "a cached answer passes the option binding",
    find: "state === undefined ? undefined : judgeFor(args)(state)",
    replace: "state",
  },
  {
    ...policy,
    name: "a stale answer passes the option binding",
    find: "Effect.map(fallback(withoutBinding(args), error), judgeFor(args))",
    replace: "fallback(withoutBinding(args), error)",
  },
  {
    ...policy,
    name: "a binding that is undefined is ignored",
    find: 'typeof options === "object" && options !== null && "binding" in options',
    replace: 'typeof options === "object" && options !== null && "binding" in options && options.binding !== undefined',
  },
  {
    ...policy,
    name: "an unknown member of the option binding is ignored",
    find: "!members.has(name)",
    replace: 'name === ""',
  },
  {
    ...policy,
    name: "the option binding takes any text as a thumbprint",
    find: "thumbprint.test(value)",
    replace: 'value !== ""',
  },
]
