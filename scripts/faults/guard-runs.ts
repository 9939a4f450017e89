import type { Fault } from "./fault.ts"

const outage = ["test/guard/outage.test.ts"]

/** Faults in what a guarded server answers while the vendor is down. */
export const guardRunFaults: ReadonlyArray<Fault> = [
  {
    name: "an outage of the vendor is answered with 500",
    file: "src/guard/outage.ts",
    find: 'return _tag === "Unavailable" || _tag === "RateLimited" ? "vendor-unavailable" : "vendor-fault"',
    replace: 'return _tag === "RateLimited" ? "vendor-unavailable" : "vendor-fault"',
    tests: outage,
  },
  {
    name: "an answer of 503 has no Retry-After",
    file: "src/guard/guard.ts",
    find: '"retry-after": String(retryAfterOf(error))',
    replace: '"x-retry-after": String(retryAfterOf(error))',
    tests: outage,
  },
  {
    name: "a guard waits for a hanging vendor as long as introspect does",
    file: "src/guard/settings.ts",
    find: 'timeout = "3 seconds"',
    replace: 'timeout = "30 seconds"',
    tests: outage,
  },
  {
    name: "a guard waits for a promise although the answer is there",
    file: "src/guard/introspector.ts",
    find: "ifPresent?.([token, options]) as IfAny | Promise<IfAny>",
    replace: "undefined",
    tests: ["test/guard/at-once.test.ts"],
  },
  {
    name: "a guard that decides at once accepts an inactive token",
    file: "src/guard/guard.ts",
    find: 'return typeof judged === "string" ? refuse(context, request, judged, scheme) : pass(context, judged, token)',
    replace: 'return typeof judged === "string" ? anonymous : pass(context, judged, token)',
    tests: ["test/guard/at-once.test.ts"],
  },
  {
    name: "an answer that is there is not found with a timeout",
    file: "src/core/policies/timeout.ts",
    find: "return present(Object.keys(rest).length === 0 ? others : [...others, rest])",
    replace: "return present([...others, rest])",
    tests: ["test/guard/at-once.test.ts"],
  },
]
