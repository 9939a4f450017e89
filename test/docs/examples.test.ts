import { execFile } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { emulators, type Started } from "./emulators.ts"
import { examplesOf, pages, text } from "./examples.ts"

const run = promisify(execFile)
const root = join(import.meta.dirname, "..", "..")
const condition = "--conditions=latchkey-source"

const examples = pages.flatMap(examplesOf)

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

  it.concurrent.each(files.filter(({ isRun }) => isRun))(
    "$name runs, and prints what its comments promise",
    async ({ file, vendor, prints }) => {
      const { env } = started.get(vendor) ?? expect.fail(`no emulator is called "${vendor}"`)
      const { stdout } = await run(process.execPath, [condition, file], {
        env: { PATH: process.env.PATH, ...env },
        timeout: 60_000,
      })
      expect(stdout.trim().split("\n").filter(Boolean)).toEqual(prints)
    },
    // Several run at the same time.
    90_000,
  )
})

describe("docs/guide/try-it.md", () => {
  it("shows the output of the demo", async () => {
    const shown = /```text\n([\s\S]*?)```/.exec(text("docs/guide/try-it.md"))?.[1]
    const { stdout } = await run(process.execPath, [condition, join(root, "demo", "demo.ts")])
    expect(stdout).toBe(shown)
  })
})
