// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source text
import type { Fault } from "./fault.ts"

const connections = "src/adapters/transport/undici-connections.ts"
const exchange = "src/adapters/transport/undici-exchange.ts"
const fetch = "src/adapters/transport/fetch.ts"
const policy = "src/adapters/transport/allowed-origins.ts"
const bounds = ["test/transport/bounds.test.ts"]
const deadline = ["test/transport/deadline.test.ts"]
const deadlines = ["test/transport/deadlines.test.ts"]
const interruption = ["test/transport/interruption.test.ts"]
const origins = ["test/transport/origins.test.ts"]

/** The doors to the network. */
export const network: ReadonlyArray<Fault> = [
  {
    name: "a body of unknown length is read without a bound",
    file: exchange,
    find: "if (this.#size > this.#maxBytes) this.stop(tooLarge(this.#status, this.#maxBytes))\n    else if",
    replace: "if",
    tests: bounds,
  },
  {
    name: "the platform's fetch reads a body without a bound",
    file: fetch,
    find: "if (size > request.maxBytes)",
    replace: "if (size > 1 << 30)",
    tests: bounds,
  },
  {
    name: "a compressed body is taken for text",
    file: exchange,
    find: 'else if ((this.#headers["content-encoding"] ?? "identity") !== "identity") this.stop(encoded(status))',
    replace: "",
    tests: bounds,
  },
  {
    name: "an exchange has no deadline",
    file: exchange,
    find: "    deadlines.add(this)\n",
    replace: "",
    tests: deadline,
  },
  {
    name: "only the earliest deadline is kept",
    file: "src/adapters/transport/deadlines.ts",
    find: "if (next < firesAt) arm(next)",
    replace: "if (next < now) arm(next)",
    tests: deadlines,
  },
  {
    name: "an earlier deadline waits for a later one",
    file: "src/adapters/transport/deadlines.ts",
    find: "if (waiting.due < firesAt) arm(waiting.due)",
    replace: "if (timer === undefined) arm(waiting.due)",
    tests: deadlines,
  },
  {
    name: "the deadline ends with the headers, and a body may drip for ever",
    file: exchange,
    find: "    this.#status = status\n",
    replace: "    this.#deadlines.remove(this)\n    this.#status = status\n",
    tests: deadline,
  },
  {
    name: "an exchange that was late leaves its socket open",
    file: exchange,
    find: "this.#settle(Exit.fail(reason))\n    this.#controller?.abort(abandoned)",
    replace: "this.#settle(Exit.fail(reason))",
    tests: deadline,
  },
  {
    name: "an interrupted exchange leaves its socket open",
    file: exchange,
    find: "return Effect.sync(() => mine.abandon())",
    replace: "return Effect.void",
    tests: interruption,
  },
  {
    name: "closing leaves the sockets open",
    file: connections,
    find: "client.destroy()",
    replace: "Promise.resolve(client)",
    tests: interruption,
  },
  {
    name: "a deadline that has passed sets a timer to the past",
    file: "src/adapters/transport/deadlines.ts",
    find: "Math.max(1, Math.min(due - performance.now(), longest))",
    replace: "Math.min(due - performance.now(), longest)",
    tests: deadlines,
  },
  {
    name: "redirects are followed",
    file: connections,
    find: 'import Client from "undici/lib/dispatcher/client.js"',
    replace:
      'import Client from "undici/lib/dispatcher/client.js"\nimport redirect from "undici/lib/interceptor/redirect.js"',
    also: [
      {
        file: connections,
        find: "new Client(origin, { ...limits, connect: sockets.connect })",
        replace:
          "new Client(origin, { ...limits, connect: sockets.connect }).compose(redirect({ maxRedirections: 3 }))",
      },
    ],
    tests: origins,
  },
  {
    name: "the platform's fetch follows redirects",
    file: fetch,
    find: 'redirect: "manual"',
    replace: 'redirect: "follow"',
    tests: origins,
  },
  {
    name: "plain http is talked to whatever is listed",
    file: policy,
    find: 'parsed.protocol === "https:" ||',
    replace: 'parsed.protocol.startsWith("http") ||',
    tests: origins,
  },
  {
    name: "an http origin is listed by how it begins",
    file: policy,
    find: "insecure.includes(parsed.origin)",
    replace: "insecure.some((each) => each.startsWith(`http://${parsed.hostname}`))",
    tests: origins,
  },
  {
    name: "JSON is read whatever it calls itself",
    file: "src/adapters/oidc/http/json-response.ts",
    find: 'if (!isJson(headers["content-type"])) return undefined',
    replace: "if (headers === undefined) return undefined",
    tests: ["test/unit/refusal-shapes.test.ts"],
  },
  {
    name: "a page of HTML passes for a revocation",
    file: "src/adapters/oidc/operations/revocation.ts",
    find: "    accept: plausible,\n",
    replace: "",
    tests: ["test/bad-days/every-operation.test.ts"],
  },
]
