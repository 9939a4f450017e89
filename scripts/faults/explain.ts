import type { Fault } from "./fault.ts"

const agreement = "test/explain/agreement.test.ts"
const explain = "test/explain/explain.test.ts"
const log = "test/log/log.test.ts"

/** Faults in explanations, in the events of a provider, and in how an issued secret is printed. */
export const explainFaults: ReadonlyArray<Fault> = [
  {
    name: "an explanation calls a JWT with an invalid signature verified",
    file: "src/core/jwt/explain-signature.ts",
    find: 'explained("jwt.signature", isVerified,',
    replace: 'explained("jwt.signature", true,',
    tests: [agreement],
  },
  {
    name: "an explanation decides by its own list of checks, not by the code of introspect",
    file: "src/internal/explaining.ts",
    find: "  if (accepts) return checks.map((each) => ({ ...each, passed: true }))\n  return checks.some(({ passed }) => !passed) ? checks : [...checks, { ...otherwise, passed: false }]\n",
    replace: "  if (accepts) return checks\n  return checks.length > 0 ? checks : [otherwise]\n",
    tests: [agreement],
  },
  {
    name: "an explanation compares no claims of a JWT with the introspection response",
    file: "src/core/explain.ts",
    find: "...mergeChecks(local.signed, live.state)",
    replace: "",
    tests: [agreement],
    also: [
      {
        file: "src/core/explain.ts",
        find: "const mergeChecks = (",
        replace: "export const mergeChecks = (",
      },
    ],
  },
  {
    name: "an explanation counts for the circuit breaker",
    file: "src/adapters/transport/circuit-breaker.ts",
    find: "tasks.isClosed || isExplaining(fiber)",
    replace: "tasks.isClosed",
    tests: [explain],
  },
  {
    name: "an explanation changes the metrics",
    file: "src/core/explain.ts",
    find: "Effect.provideService(explain(provider, token, limited(provider, call)), Metric.MetricRegistry, new Map())",
    replace:
      "Effect.provideService(explain(provider, token, limited(provider, call)), Metric.MetricRegistry, new Map()) && explain(provider, token, limited(provider, call))",
    tests: [explain],
  },
  {
    name: "an explanation puts the other client secret in use",
    file: "src/adapters/oidc/secret-rotation.ts",
    find: "isExplaining(fiber)\n",
    replace: "isExplaining(fiber) && false\n",
    tests: [explain],
  },
  {
    name: "an explanation repeats the token that a vendor sends back",
    file: "src/core/explain.ts",
    find: "text.includes(part))",
    replace: "text === part)",
    also: [
      {
        file: "src/adapters/oidc/operations/explain-response.ts",
        find: "isAnyTooLong || forms.some((form) => text.includes(form)) || sharedParts(text, forms).size > 0",
        replace: "isAnyTooLong || (sharedParts !== undefined && forms.includes(text))",
      },
    ],
    tests: [explain],
  },
  {
    name: "a log that throws fails the call",
    file: "src/internal/log.ts",
    find: "  } catch {\n    // The call goes on.\n",
    replace: "  } catch (error) {\n    throw error\n",
    tests: [log],
  },
  {
    name: "a circuit that closes is not logged",
    file: "src/adapters/transport/circuit.ts",
    find: "this.#surroundings.report(undefined, fiber)",
    replace: "",
    tests: [log],
  },
  {
    name: "the Effect API does not write events to Effect's logger",
    file: "src/effect.ts",
    find: "    exact.events?.useEffectLogger()\n",
    replace: "",
    tests: [log],
  },
  {
    name: "the printed form of an issued secret does not say how to read it",
    file: "src/internal/issued-secret.ts",
    find: ', { label: "read it with Redacted.value of effect/Redacted" }',
    replace: "",
    tests: ["test/polar/registration.test.ts"],
  },
]
