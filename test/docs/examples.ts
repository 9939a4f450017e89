/** Reads the examples of a Markdown file, and the output that their comments promise. */
import { readFileSync } from "node:fs"

export interface Example {
  /** The file, and the line at which the example begins. */
  readonly name: string
  readonly code: string
  /** The vendor whose emulator the example uses, from a first line such as `// with: kinde`. Default `"ory"`. */
  readonly vendor: string
  /** The output lines in the `// =>` comments, in order. */
  readonly prints: ReadonlyArray<string>
}

const root = new URL("../../", import.meta.url)

export const text = (path: string): string => readFileSync(new URL(path, root), "utf8")

/** Returns every `ts` block of a file. */
export const examplesOf = (path: string): ReadonlyArray<Example> => {
  const markdown = text(path)
  return Array.from(markdown.matchAll(/^```ts\n([\s\S]*?)^```$/gm), ({ index, 1: code = "" }) => ({
    name: `${path}:${markdown.slice(0, index).split("\n").length + 1}`,
    code,
    vendor: /^\/\/ with: (\w+)\n/.exec(code)?.[1] ?? "ory",
    prints: Array.from(code.matchAll(/\/\/ => (.*)$/gm), ([, printed = ""]) => printed.trim()),
  }))
}
