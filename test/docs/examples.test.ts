import { execFile } from "node:child_process"
import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { emulators, type Started } from "./emulators.ts"
import { examplesOf, text } from "./examples.ts"

const run = promisify(execFile)
const root = join(import.meta.dirname, "..", "..")
const condition = "--conditions=latchkey-source"

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "docs/guards.md",
  "docs/introspection.md",
  "docs/logout.md",
  "docs/policies.md",
  "docs/testing.md",
  ...globSync("docs/vendors/*.md", { cwd: root }),
]
/** Their examples need a server that the tests of the documentation do not start. */
const onlyCompiled = ["docs/fleet.md"]
const examples = [...pages, ...onlyCompiled].flatMap(examplesOf)

describe("the examples of the documentation", () => {
  // The folder is inside the project, so that `latchkey` in an example resolves to this package.
  const folder = mkdtempSync(join(root, "test", "docs", ".examples-"))
  const files = examples.map((example, index) => ({ ...example, file: join(folder, `example-${index}.ts`) }))
  const started = new Map<string, Started>()

  beforeAll(async () => {
    for (const { file, code } of files) writeFileSync(file, code)
    for (const [vendor, start] of Object.entries(emulators)) started.set(vendor, await start())
  })
  afterAll(async () => {
    for (const { close } of started.values()) await close()
    rmSync(folder, { recursive: true })
  })

  it("compile with the project's tsconfig", async () => {
    const config = join(folder, "tsconfig.json")
    writeFileSync(config, JSON.stringify({ extends: "../../../tsconfig.json", include: ["*.ts"] }))
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc")
    const { stdout } = await run(process.execPath, [tsc, "--noEmit", "-p", config]).catch(
      (error: { stdout: string }) => error,
    )
    expect(stdout).toBe("")
  }, 60_000)

  it.each(files.filter(({ name }) => !onlyCompiled.includes(name.replace(/:\d+$/, ""))))(
    "$name runs, and prints what its comments promise",
    async ({ file, vendor, prints }) => {
      const { env } = started.get(vendor) ?? expect.fail(`no emulator is called "${vendor}"`)
      const { stdout } = await run(process.execPath, [condition, file], {
        env: { PATH: process.env.PATH, ...env },
        timeout: 20_000,
      })
      expect(stdout.trim().split("\n").filter(Boolean)).toEqual(prints)
    },
  )
})

describe("the README", () => {
  it("shows the output of the demo", async () => {
    const shown = /```text\n([\s\S]*?)```/.exec(text("README.md"))?.[1]
    const { stdout } = await run(process.execPath, [condition, join(root, "demo", "demo.ts")])
    expect(stdout).toBe(shown)
  })
})
