/** The size of the bindings, and what importing them costs. */
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"

const run = promisify(execFile)
const root = join(import.meta.dirname, "..", "..")
const names = ["node", "web", "express", "fastify", "hono", "effect", "mcp"] as const

/** Lines that are neither blank nor a comment. */
const codeLines = (text: string): number =>
  text
    .replace(/^\s*\/\*\*[\s\S]*?\*\/\s*$/gm, "")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.trim().startsWith("//")).length

const source = (name: string): string => readFileSync(join(root, "src", "guard", `${name}.ts`), "utf8")

describe("a binding", () => {
  it.each(names)("has at most 60 lines of code: %s", (name) => {
    const lines = codeLines(source(name))
    expect(lines).toBeGreaterThan(25)
    expect(lines).toBeLessThanOrEqual(60)
  })
})

/** Loads the entries in a new process, and prints the loaded files of packages and the time of the last import. */
const program = `
import { registerHooks } from "node:module"
const files = []
registerHooks({ load: (url, context, next) => (files.push(url), next(url, context)) })
await import("latchkey")
const before = files.length
const start = performance.now()
if (process.argv[1]) await import(process.argv[1])
console.log(JSON.stringify({ milliseconds: performance.now() - start, files: files.slice(before) }))
`

interface Loaded {
  readonly milliseconds: number
  readonly files: ReadonlyArray<string>
}

const load = async (entry: string): Promise<Loaded> => {
  const args = ["--conditions=latchkey-source", "--input-type=module", "--eval", program, entry]
  const { stdout } = await run(process.execPath, args, { cwd: root })
  return JSON.parse(stdout) as Loaded
}

const packages = ["express", "fastify", "hono", "@modelcontextprotocol"]

describe("importing a guard after latchkey", () => {
  it.each(["", "/express", "/fastify", "/hono", "/mcp"])(
    "loads no file of a framework: latchkey/guard%s",
    async (entry) => {
      const { files } = await load(`latchkey/guard${entry}`)
      const foreign = files.filter((file) => packages.some((name) => file.includes(`/node_modules/${name}/`)))
      expect(files.some((file) => file.endsWith("/src/guard/guard.ts"))).toBe(true)
      expect(foreign).toEqual([])
      // Node's own modules and those of effect that latchkey has not loaded before would cost time too.
      expect(files.filter((file) => file.includes("/node_modules/"))).toEqual([])
    },
  )
})
