/** Reads the examples of a Markdown file, and the output that their comments promise. */
import { globSync, readFileSync } from "node:fs"
import { withoutParts } from "../../scripts/readme.ts"

export interface Example {
  /** The file, and the line at which the example begins. */
  readonly name: string
  readonly code: string
  /** The vendor whose emulator the example uses, from a first line such as `// with: kinde`. Default `"ory"`. */
  readonly vendor: string
  /** The output lines in the `// =>` comments, in order. */
  readonly prints: ReadonlyArray<string>
  readonly isRun: boolean
}

const root = new URL("../../", import.meta.url)

/** Every page for users of the project. The decisions have no examples to run. */
export const pages: ReadonlyArray<string> = [
  "README.md",
  "CONTRIBUTING.md",
  "packages/testing/README.md",
  ...globSync("docs/**/*.md", { cwd: root, exclude: ["docs/decisions/**"] }).toSorted(),
]

export const text = (path: string): string => readFileSync(new URL(path, root), "utf8")

/** A comment before a block that the tests do not run, or do not even compile, with the reason. */
const marker = /<!-- not (run|compiled): \S.* -->\n+$/

/** Returns every `ts` block of a file that the tests compile. A file of `examples/` has tests of its own. */
export const examplesOf = (path: string): ReadonlyArray<Example> => {
  const markdown = withoutParts(text(path))
  return Array.from(markdown.matchAll(/^```ts\n([\s\S]*?)^```$/gm), ({ index, 1: code = "" }) => ({
    name: nameOf(path, code),
    code,
    mark: marker.exec(markdown.slice(0, index))?.[1],
    vendor: /^\/\/ with: (\w+)\n/.exec(code)?.[1] ?? "ory",
    prints: Array.from(code.matchAll(/\/\/ => (.*)$/gm), ([, printed = ""]) => printed.trim()),
  }))
    .filter(({ mark }) => mark !== "compiled")
    .map(({ mark, ...example }) => ({ ...example, isRun: mark === undefined }))
}

/** The file, and the line at which a block begins. */
const nameOf = (path: string, code: string): string => {
  const whole = text(path)
  return `${path}:${whole.slice(0, whole.indexOf(code)).split("\n").length}`
}
