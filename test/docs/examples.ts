/** The examples of a Markdown file, and what they say they print. */
import { readFileSync } from "node:fs"

export interface Example {
  /** The file and the line the example begins at. */
  readonly name: string
  readonly code: string
  /** The vendor whose emulator it runs against: its first line may be `// with: kinde`. Default `"ory"`. */
  readonly vendor: string
  /** What the `// =>` comments promise, in order. */
  readonly prints: ReadonlyArray<string>
}

const root = new URL("../../", import.meta.url)

export const text = (path: string): string => readFileSync(new URL(path, root), "utf8")

/** Every `ts` block of a file. */
export const examplesOf = (path: string): ReadonlyArray<Example> => {
  const markdown = text(path)
  return Array.from(markdown.matchAll(/^```ts\n([\s\S]*?)^```$/gm), ({ index, 1: code = "" }) => ({
    name: `${path}:${markdown.slice(0, index).split("\n").length + 1}`,
    code,
    vendor: /^\/\/ with: (\w+)\n/.exec(code)?.[1] ?? "ory",
    prints: Array.from(code.matchAll(/\/\/ => (.*)$/gm), ([, printed = ""]) => printed.trim()),
  }))
}
