import type { Fault } from "./fault.ts"

const tests = "types"

/** What the compiler must refuse. */
export const signatures: ReadonlyArray<Fault> = [
  {
    name: "the type of a list at the Promise entry is one promised page",
    file: "src/core/promise.ts",
    find: "(...args: WithSignal<Args>) => AsyncIterable<Item>",
    replace: "(...args: WithSignal<Args>) => Promise<Page<Item>>",
    tests,
  },
  {
    name: "a trusted issuer may name neither a subject nor any",
    file: "src/ports/trust.ts",
    find: "{ readonly anySubject: true",
    replace: "{ readonly anySubject?: true",
    tests,
  },
]
