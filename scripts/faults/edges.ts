import type { Fault } from "./fault.ts"

const connections = "src/adapters/transport/undici-connections.ts"
const proxies = "src/adapters/transport/proxy-settings.ts"
const environment = "src/environment.ts"
const fakeTimers = ["test/transport/fake-timers.test.ts"]
const files = ["test/unit/environment-files.test.ts"]
const settings = ["test/unit/connection-settings.test.ts"]
const options = ["test/transport/connection-options.test.ts"]
const platforms = ["test/unit/platforms.test.ts"]
const proxyTests = ["test/transport/proxies.test.ts"]

/** The edges of a process: timers, variables, proxies, certificates and headers. */
export const edges: ReadonlyArray<Fault> = [
  {
    name: "under fake timers a connection is used again",
    file: connections,
    find: "isForOneExchange || monotonicNow() - openedAt >= maxConnectionAge || areTimersFake()",
    replace: "monotonicNow() - openedAt >= maxConnectionAge",
    tests: fakeTimers,
  },
  {
    name: "a closing transport waits for fake timers",
    file: connections,
    find: "return areTimersFake() ? Promise.resolve() : ended",
    replace: "return ended",
    tests: fakeTimers,
  },
  {
    name: "under fake timers requests that hang hold the connections of others",
    file: "src/adapters/transport/undici-hanging.ts",
    find: "this.#timer ??= setTimeout(",
    replace: "this.#timer ??= globalThis.setTimeout(",
    tests: fakeTimers,
  },
  {
    name: "a deadline waits for fake timers",
    file: "src/internal/real-timers.ts",
    find: "{ setTimeout, clearTimeout, monotonicNow }",
    replace: "{ setTimeout: (...all) => globalThis.setTimeout(...all), clearTimeout, monotonicNow }",
    tests: fakeTimers,
  },
  {
    name: "the response of openid-client's request waits for fake timers",
    file: "src/adapters/oidc/http/text-response.ts",
    find: "new TextResponse(body, { status, headers })",
    replace: "new Response(body, { status, headers })",
    tests: ["test/unit/fake-timers.test.ts"],
  },
  {
    name: "a connection has no maximum age",
    file: connections,
    find: "monotonicNow() - openedAt >= maxConnectionAge",
    replace: "false",
    tests: options,
  },
  {
    name: "a request of openid-client keeps the User-Agent of openid-client",
    file: "src/adapters/transport/own-headers.ts",
    find: "{ ...request.headers, ...own }",
    replace: "{ ...own, ...request.headers }",
    tests: settings,
  },
  {
    name: "a configured header replaces Authorization",
    file: "src/adapters/oidc/configuration/connection-settings.ts",
    find: "if (reserved.has(name.toLowerCase()))",
    replace: "if (reserved.has(name))",
    tests: settings,
  },
  {
    name: "an empty proxy variable hides the other spelling",
    file: proxies,
    find: "names.find((each) => env[each]?.trim())",
    replace: "names.find((each) => env[each] !== undefined)",
    tests: proxyTests,
  },
  {
    name: "a proxy without a scheme is rejected",
    file: proxies,
    find: ": `http://",
    replace: ": `//",
    tests: proxyTests,
  },
  {
    name: "the proxy of the configuration is passed over",
    file: "src/adapters/transport/undici.ts",
    find: "proxy === undefined ? proxySettings(process.env) : only(proxy)",
    replace: "proxySettings(process.env)",
    tests: proxyTests,
  },
  {
    name: "certificates of the configuration are passed over",
    file: "src/adapters/transport/undici-sockets.ts",
    find: "...(secureContext !== undefined && { secureContext }),",
    replace: "",
    tests: options,
  },
  {
    name: "variables that Kubernetes adds are unknown variables",
    file: environment,
    find: "if (!isOfService(name.slice(prefix.length), text))",
    replace: "",
    tests: files,
  },
  {
    name: "the line break at the end of a file belongs to the secret",
    file: environment,
    find: '.replace(/\\r?\\n$/, "")',
    replace: "",
    tests: files,
  },
  {
    name: "a secret and its file may both be given",
    file: environment,
    find: "if (other !== undefined) {",
    replace: "if (false) {",
    tests: files,
  },
  {
    name: "a secret may have a control character",
    file: "src/adapters/oidc/configuration/secret.ts",
    find: "/\\p{Cc}/u.test(value)",
    replace: "false && value",
    tests: files,
  },
  {
    name: "a Redacted of another copy of effect is an empty secret",
    file: "src/adapters/oidc/configuration/secret.ts",
    find: 'if ("problem" in read) return read.problem',
    replace: 'if ("problem" in read) return "expected a string or a Redacted string, not empty"',
    tests: settings,
  },
  {
    name: "a request on Bun has no proxy",
    file: "src/adapters/transport/bun.ts",
    find: 'proxy: chosen ?? ""',
    replace: 'proxy: chosen === undefined ? "" : ""',
    tests: platforms,
  },
  {
    name: "a wrong proxy on Bun is a raw error",
    file: "src/adapters/transport/bun.ts",
    find: "fetchTransport(options, () => ({}), proxies.issues)",
    replace: "fetchTransport(options, () => ({}), [])",
    tests: platforms,
  },
  {
    name: "the package has no transport for Bun",
    file: "package.json",
    find: '      "bun": "./dist/adapters/transport/bun.js",\n',
    replace: "",
    tests: platforms,
  },
  {
    name: "requests in flight are shared on Workers",
    file: "src/adapters/platform/workerd.ts",
    find: "sharesRequests: false",
    replace: "sharesRequests: true",
    tests: platforms,
  },
  {
    name: "effects on Workers yield with a timer",
    file: "src/adapters/platform/workerd.ts",
    find: 'new Scheduler.MixedScheduler("sync")',
    replace: 'new Scheduler.MixedScheduler("async")',
    tests: platforms,
  },
  {
    name: "the table of bundle sizes may have any size",
    file: "scripts/runtimes/sizes.ts",
    find: "<= expected * tolerance",
    replace: "<= expected / tolerance",
    tests: platforms,
  },
]
