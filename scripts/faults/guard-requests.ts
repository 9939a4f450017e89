import type { Fault } from "./fault.ts"

const attacks = ["test/guard/attacks.test.ts"]
const absolute = ["test/guard/absolute-form.test.ts"]
const endpoints = ["test/guard/effect-endpoints.test.ts"]
const mutation = ["test/guard/mutation.test.ts"]
const reports = ["test/guard/dpop/store-reports.test.ts"]

/** Faults in how a guard reads what strangers send, in what its routes decide by, and in whom it tells of an outage. */
export const guardRequestFaults: ReadonlyArray<Fault> = [
  {
    name: "a guard removes tabs before a token",
    file: "src/guard/credentials.ts",
    find: '.replace(/^ +/, "")',
    replace: ".trimStart()",
    tests: attacks,
  },
  {
    name: "the metadata route does not know a whole URL",
    file: "src/guard/metadata-reply.ts",
    find: "pathOf(target) !== resource.path",
    replace: 'target.split("?", 1)[0] !== resource.path',
    tests: absolute,
  },
  {
    name: "a whole URL without a path has an empty path",
    file: "src/guard/target.ts",
    find: ' || "/"',
    replace: "",
    tests: absolute,
  },
  {
    name: "an endpoint of two groups has the requirements of the first",
    file: "src/guard/effect-decisions.ts",
    find: "const groups = new WeakMap<object, WeakMap<object, Check>>()",
    replace:
      "const all = new WeakMap<object, Check>()\n  const groups = { get: (_: object) => all, set: (_: object, __: object) => all }",
    tests: endpoints,
  },
  {
    name: "an optional endpoint refuses a request without credentials",
    file: "src/guard/effect.ts",
    find: "Needs), true))",
    replace: "Needs), false))",
    tests: endpoints,
  },
  {
    name: "preflight requests pass to handlers that need a principal",
    file: "src/guard/settings.ts",
    find: "if (options?.preflight === undefined) return options",
    replace: "if (options?.preflight !== null) return options",
    tests: endpoints,
  },
  {
    name: "a route forgets scopes that the application removes from its list",
    file: "src/guard/guard.ts",
    find: "makeRoute(settings, copyOf(needs))",
    replace: "makeRoute(settings, needs)",
    tests: mutation,
  },
  {
    name: "a login whose time is no number is new enough",
    file: "src/guard/needs.ts",
    find: "if (!(now - authTime.getTime() <= maxAge))",
    replace: "if (now - authTime.getTime() > maxAge)",
    tests: mutation,
  },
  {
    name: "a token whose end is no number never ends a response",
    file: "src/guard/expiry-signal.ts",
    find: "if (!(left > 0)) abort(",
    replace: "if (left <= 0) abort(",
    tests: mutation,
  },
  {
    name: "an upgrade request goes on when its client is gone",
    file: "src/guard/node-request.ts",
    find: 'else response.once("close", () => controller.abort())',
    replace: 'else response.once("finish", () => controller.abort())',
    tests: ["test/guard/protocols.test.ts"],
  },
  {
    name: "onError is not called for a failing replay store",
    file: "src/guard/report.ts",
    find: 'situation === "replay-store-unavailable" && !',
    replace: 'situation === "client-gone" && !',
    tests: reports,
  },
  {
    name: "onError is called for each caller that has its share of the replay store",
    file: "src/guard/report.ts",
    find: "!(error instanceof ShareExceeded)",
    replace: "true",
    tests: reports,
  },
  {
    name: "the token of one caller uses up the report of a failing replay store",
    file: "src/guard/report.ts",
    find: "const storeFailed = atIntervals(onError ?? printError)",
    replace: "const storeFailed = printedSeldom",
    tests: reports,
  },
  {
    name: "Retry-After ends before the response to the next own request",
    file: "src/internal/open-circuit.ts",
    find: "const answerTime = 250",
    replace: "const answerTime = 0",
    tests: ["test/guard/retry-after.test.ts"],
  },
  {
    name: "the log does not say that a rejected token is for another audience",
    file: "src/internal/telemetry.ts",
    find: 'events.emit({ _tag: "TokenRejected", provider, check }, fiber)',
    replace: 'events.emit({ _tag: "TokenRejected", provider, check: "format" }, fiber)',
    tests: ["test/guard/real-server.test.ts"],
  },
  {
    name: "the characters of a token are not checked if the client knows that it is inactive",
    file: "src/guard/guard.ts",
    find: "const problem = isKnown ? undefined : problemOfToken(token)",
    replace: "const problem = present !== undefined ? undefined : problemOfToken(token)",
    tests: ["test/guard/at-once.test.ts"],
  },
  {
    name: "the characters of a token are not checked if only signatures count",
    file: "src/guard/guard.ts",
    find: 'problemOfToken(token) ?? "inactive-token"',
    replace: '"inactive-token"',
    tests: ["test/guard/at-once.test.ts"],
  },
  {
    name: "the characters of a token with a DPoP proof are not checked",
    file: "src/guard/guard.ts",
    find: "    if (problem !== undefined) return refuse(context, request, problem, scheme)\n",
    replace: "",
    tests: attacks,
  },
]
