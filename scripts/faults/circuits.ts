// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source text
import type { Fault } from "./fault.ts"

const breaker = "src/adapters/transport/circuit-breaker.ts"
const circuit = "src/adapters/transport/circuit.ts"
const window = "src/adapters/transport/call-window.ts"
const own = "src/adapters/oidc/operations/own-request.ts"
const breakers = ["test/policies/circuit-breaker.test.ts"]
const gauges = ["test/policies/secret-rotation.test.ts"]
const configuration = ["test/policies/configuration.test.ts"]
const connections = "src/adapters/transport/undici-connections.ts"

/** What opens and closes a circuit, latchkey's own requests, and the gauges. */
export const circuits: ReadonlyArray<Fault> = [
  {
    name: "the failures of callers open a circuit",
    file: circuit,
    find: "failed * 2 >= calls) this.#ask(now, fiber)",
    replace: "failed * 2 >= calls) this.#open(now, fiber)",
    tests: breakers,
  },
  {
    name: "a circuit never opens",
    file: circuit,
    find: "    this.#isOpen = true\n",
    replace: "",
    tests: breakers,
  },
  {
    name: "an own request that is answered does not restart the window",
    file: circuit,
    find: "    this.#window.restart()\n    this.#generation += 1\n",
    replace: "",
    tests: breakers,
  },
  {
    name: "an own request from before the circuit was closed opens it again",
    file: circuit,
    find: "    if (generation !== this.#generation) return\n",
    replace: "    if (generation < 0) return\n",
    tests: breakers,
  },
  {
    name: "own requests have no pause",
    file: circuit,
    find: "    if (ageOf(this.askedAt, now) < askingPause) return\n",
    replace: "",
    tests: breakers,
  },
  {
    name: "the origin of an open circuit is tested only when a call is made",
    file: circuit,
    find: "    this.#keepAsking(fiber)\n    return true\n",
    replace: "    return true\n",
    also: [
      {
        file: circuit,
        find: "last: this.lastFailure }, fiber)\n    this.#keepAsking(fiber)\n",
        replace: "last: this.lastFailure }, fiber)\n",
      },
    ],
    tests: breakers,
  },
  {
    name: "own requests to an origin without calls never end",
    file: circuit,
    find: "      if (this.#isOpen && ageOf(this.#refusedAt, now) > idleAfter) this.#close(own)\n",
    replace: "",
    tests: breakers,
  },
  {
    name: "an own request that hung opens the circuit again after a later one was answered",
    file: circuit,
    find: "this.#lastAnswer(now) - sentAt >= askingPause",
    replace: "this.#lastAnswer(now) < sentAt",
    tests: breakers,
  },
  {
    name: "a vendor that hangs is asked until the own request times out",
    file: circuit,
    find: "if (!this.#isSilent(now, patience)) return false",
    replace: "if (patience > 0) return false",
    tests: breakers,
  },
  {
    name: "a request that waits counts for nothing",
    file: window,
    find: "if (slice.index <= index - slowSlices) failed += slice.waiting",
    replace: "",
    tests: breakers,
  },
  {
    name: "calls count for longer than ten seconds",
    file: window,
    find: "const sliceCount = 40",
    replace: "const sliceCount = 400",
    tests: breakers,
  },
  {
    name: "the repeats of a call count as calls",
    file: breaker,
    find: "isRepeat(fiber) ? undefined : circuit",
    replace: "circuit",
    also: [{ file: breaker, find: 'import { isRepeat } from "../../internal/repeated-call.ts"\n', replace: "" }],
    tests: breakers,
  },
  {
    name: "a call that its caller gave up at once counts as failed",
    file: breaker,
    find: "Exit.hasInterrupts(exit) && waited >= slowAfter",
    replace: "Exit.hasInterrupts(exit)",
    tests: breakers,
  },
  {
    name: "a request that was refused before sending counts as failed",
    file: breaker,
    find: 'reason._tag === "UnexpectedResponse" ? "answered" : "nothing"',
    replace: 'reason._tag === "UnexpectedResponse" ? "answered" : { failure: reason._tag }',
    tests: breakers,
  },
  {
    name: "a circuit is judged by the status and not by the vendor's error table",
    file: "src/adapters/oidc/http/outage.ts",
    find: "if (operation === undefined) return",
    replace: "if (operation !== undefined || status > 0) return",
    tests: ["test/policies/judged-responses.test.ts"],
  },
  {
    name: "own requests go on after the transport is closed",
    file: breaker,
    find: "      return Fiber.interruptAll(running)\n",
    replace: "      return Effect.void\n",
    also: [
      {
        file: breaker,
        find: "      tasks.isClosed = true\n",
        replace: "      tasks.isClosed = running === undefined\n",
      },
    ],
    tests: breakers,
  },
  {
    name: "failures of one origin open the circuit of another",
    file: breaker,
    find: "const origin = originOf(url)",
    replace: 'const origin = originOf("https://all")',
    tests: breakers,
  },
  {
    name: "the circuit breaker's gauge ignores the caller's metric registry",
    file: breaker,
    find: "gauge(opened === undefined ? 0 : 1, fiber.context)",
    replace: "gauge(opened === undefined ? 0 : 1)",
    tests: breakers,
  },
  {
    name: "two tenants of one vendor share the gauge of a circuit",
    file: breaker,
    find: "circuitGauge(events, tenant, origin)",
    replace: 'circuitGauge(events, { provider, issuer: "", client_id: "" }, origin)',
    tests: breakers,
  },
  {
    name: "two tenants of one vendor share the gauge of the client secret",
    file: "src/adapters/oidc/secret-rotation.ts",
    find: "clientSecretGauge(events, tenant)",
    replace: 'clientSecretGauge(events, { provider, issuer: "", client_id: "" })',
    tests: gauges,
  },
  {
    name: "a call that an open circuit stopped is repeated",
    file: "src/core/policies/retry.ts",
    find: "error.isRetryable && !isOpenCircuit(error.reason)",
    replace: "error.isRetryable && isOpenCircuit !== undefined",
    tests: breakers,
  },
  {
    name: "an own request introspects without the client's credentials",
    file: own,
    find: "Effect.catch(configured(), () => Effect.succeed(noCredentials))",
    replace: "Effect.succeed(configured === undefined ? noCredentials : noCredentials)",
    tests: breakers,
  },
  {
    name: "an own request asks a root for its metadata",
    file: own,
    find: "return Effect.succeed<OwnRequest>({ request: get(`${origin}/`) })",
    replace: 'return Effect.succeed<OwnRequest>({ operation: "metadata.discover", request: get(`${origin}/`) })',
    tests: breakers,
  },
  {
    name: "the removed options of the circuit breaker are not named",
    file: "src/adapters/oidc/configuration/policy-settings.ts",
    find: "removedOption(input) ?? expectedOff",
    replace: "(removedOption(undefined) ?? expectedOff) + (input === undefined)",
    tests: configuration,
  },
  {
    name: "requests that hang hold the connections of others",
    file: connections,
    find: "opened.size - hanging.count <",
    replace: "opened.size <",
    tests: ["test/transport/connections.test.ts"],
  },
  {
    name: "an own request waits behind the requests of callers",
    file: own,
    find: "    urgent: true,\n",
    replace: "",
    tests: breakers,
  },
  {
    name: "an urgent request waits for a connection",
    file: connections,
    find: "takeIdle() ?? (exchange.isUrgent ? open() : undefined)",
    replace: "takeIdle()",
    tests: ["test/transport/connections.test.ts"],
  },
  {
    name: "requests that hang open connections without a limit",
    file: connections,
    find: "(opened.size < mostSockets && opened.size",
    replace: "(mostSockets > 0 && opened.size",
    tests: ["test/transport/connections.test.ts"],
  },
  {
    name: "an urgent request through a proxy waits for a connection",
    file: "src/adapters/transport/undici-proxy.ts",
    find: "if (!exchange.isUrgent) return",
    replace: "if (!isClosed) return",
    tests: ["test/transport/proxies.test.ts"],
  },
  {
    name: "a connection that was needed while others hung stays open",
    file: connections,
    find: " || isSurplus() ? discard(settled)",
    replace: " ? discard(settled)",
    tests: ["test/transport/connections.test.ts"],
  },
]
