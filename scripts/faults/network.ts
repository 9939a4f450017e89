// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source text
import type { Fault } from "./fault.ts"

const connections = "src/adapters/transport/undici-connections.ts"
const exchange = "src/adapters/transport/undici-exchange.ts"
const fetch = "src/adapters/transport/fetch.ts"
const policy = "src/adapters/transport/allowed-origins.ts"
const limits = ["test/transport/limits.test.ts"]
const deadline = ["test/transport/exchange-deadline.test.ts"]
const deadlines = ["test/transport/deadlines.test.ts"]
const interruption = ["test/transport/interruption.test.ts"]
const origins = ["test/transport/origins.test.ts"]

/** The transports. */
export const network: ReadonlyArray<Fault> = [
  {
    name: "a body of unknown length is read without a limit",
    file: exchange,
    find: "if (this.#size > this.#maxBytes) this.stop(tooLarge(this.#status, this.#maxBytes))\n    else if",
    replace: "if",
    tests: limits,
  },
  {
    name: "the fetch transport reads a body without a limit",
    file: fetch,
    find: "if (size > request.maxBytes)",
    replace: "if (size > 1 << 30)",
    tests: limits,
  },
  {
    name: "a compressed body is read as text",
    file: exchange,
    find: 'else if ((this.#headers["content-encoding"] ?? "identity") !== "identity") this.stop(compressed(status))',
    replace: "",
    tests: limits,
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
    file: "src/internal/deadlines.ts",
    find: "if (earliest < firesAt) setTimer(earliest)",
    replace: "if (earliest < now) setTimer(earliest)",
    tests: deadlines,
  },
  {
    name: "an earlier deadline fires at a later one",
    file: "src/internal/deadlines.ts",
    find: "if (entry.dueAt < firesAt) setTimer(entry.dueAt)",
    replace: "if (timer === undefined) setTimer(entry.dueAt)",
    tests: deadlines,
  },
  {
    name: "the deadline ends with the headers, so that a slow body is read forever",
    file: exchange,
    find: "    this.#status = status\n",
    replace: "    this.#deadlines.remove(this)\n    this.#status = status\n",
    tests: deadline,
  },
  {
    name: "an exchange that timed out leaves its socket open",
    file: exchange,
    find: "this.#complete(Exit.fail(reason))\n    this.#controller?.abort(abandoned)",
    replace: "this.#complete(Exit.fail(reason))",
    tests: deadline,
  },
  {
    name: "an interrupted exchange leaves its socket open",
    file: exchange,
    find: "return Effect.sync(() => exchange.abandon())",
    replace: "return Effect.void",
    tests: interruption,
  },
  {
    name: "closing the transport leaves the sockets open",
    file: connections,
    find: "(connection) => connection.close()",
    replace: "(connection) => Promise.resolve(connection)",
    tests: interruption,
  },
  {
    name: "a past deadline sets a timer with a negative delay",
    file: "src/internal/deadlines.ts",
    find: "Math.max(1, Math.min(dueAt - monotonicNow(), longestDelay))",
    replace: "Math.min(dueAt - monotonicNow(), longestDelay)",
    tests: deadlines,
  },
  {
    name: "redirects are followed",
    file: "src/adapters/transport/undici-connection.ts",
    find: 'import { Client } from "undici"',
    replace: 'import { Client, interceptors } from "undici"',
    also: [
      {
        file: "src/adapters/transport/undici-connection.ts",
        find: "pipelining: isForOneExchange ? 0 : 1, connect })",
        replace:
          "pipelining: isForOneExchange ? 0 : 1, connect }).compose(interceptors.redirect({ maxRedirections: 3 }))",
      },
    ],
    tests: origins,
  },
  {
    name: "the fetch transport follows redirects",
    file: fetch,
    find: 'redirect: "manual"',
    replace: 'redirect: "follow"',
    tests: origins,
  },
  {
    name: "plain http is used for an origin that is not listed",
    file: policy,
    find: 'parsed.protocol === "https:" ||',
    replace: 'parsed.protocol.startsWith("http") ||',
    tests: origins,
  },
  {
    name: "an http origin is compared by its prefix",
    file: policy,
    find: "insecureOrigins.includes(parsed.origin)",
    replace: "insecureOrigins.some((each) => each.startsWith(`http://${parsed.hostname}`))",
    tests: origins,
  },
  {
    name: "a body is read as JSON without a JSON content type",
    file: "src/adapters/oidc/http/json-response.ts",
    find: 'if (!isJson(headers["content-type"])) return undefined',
    replace: "if (headers === undefined) return undefined",
    tests: ["test/unit/error-response-shapes.test.ts"],
  },
  {
    name: "an XML document is accepted as a revocation response",
    file: "src/adapters/oidc/operations/revocation.ts",
    find: "    accept: rejectMarkup,\n",
    replace: "",
    tests: ["test/bad-days/every-operation.test.ts"],
  },
]
