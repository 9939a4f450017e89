import type { Fault } from "./fault.ts"

const tests = "types"

/** Types that the compiler must reject. */
export const signatures: ReadonlyArray<Fault> = [
  {
    name: "the type of a list in the Promise API is a promise of one page",
    file: "src/core/promise.ts",
    find: "(...args: WithSignal<Args>) => AsyncIterable<Item>",
    replace: "(...args: WithSignal<Args>) => Promise<Page<Item>>",
    tests,
  },
  {
    name: "the type of a trusted issuer accepts neither a subject nor anySubject",
    file: "src/ports/trust.ts",
    find: "{ readonly anySubject: true",
    replace: "{ readonly anySubject?: true",
    tests,
  },
]
