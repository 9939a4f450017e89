import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { join, relative } from "node:path"

/** What the tests, or the compiler, said of a copy. */
export interface Verdict {
  /** `file > test` of each that failed, in the order in which they did. */
  readonly failed: ReadonlyArray<string>
  /** Why nothing can be said: a file that could not be loaded, or a run that did not end. */
  readonly trouble?: string
}

/** What one run may take, in milliseconds. */
const patience = 240_000

interface Ended {
  readonly code: number | null
  readonly output: string
}

/** Runs a script of a package in the copy, in a process group of its own so that its workers end with it. */
const tool = (copy: string, script: string, args: ReadonlyArray<string>): Promise<Ended> =>
  new Promise((resolve) => {
    const { HYDRA_PUBLIC_URL: _public, HYDRA_ADMIN_URL: _admin, ...env } = process.env
    const child = spawn(process.execPath, [join(copy, "node_modules", script), ...args], {
      cwd: copy,
      detached: true,
      env: { ...env, LATCHKEY_HYDRA: "off", LATCHKEY_REQUIRE_HYDRA: "" },
      stdio: ["ignore", "pipe", "pipe"],
    })
    const end = () => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL")
    }
    const timer = setTimeout(end, patience)
    process.on("exit", end)
    const chunks: Array<Buffer> = []
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk))
    child.on("close", (code) => {
      clearTimeout(timer)
      process.off("exit", end)
      resolve({ code, output: Buffer.concat(chunks).toString("utf8") })
    })
  })

interface Report {
  readonly testResults: ReadonlyArray<{
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: ReadonlyArray<{
      readonly status: string
      readonly title: string
      readonly ancestorTitles: ReadonlyArray<string>
      readonly startTime?: number
    }>
  }>
}

/** Runs test files to their end. */
export const runTests = async (copy: string, files: ReadonlyArray<string>): Promise<Verdict> => {
  const { code, output, results } = await run(copy, files)
  if (results === undefined) return { failed: [], trouble: output.slice(-400) }
  const unloaded = results.find(({ message, assertionResults }) => message !== "" && assertionResults.length === 0)
  if (unloaded !== undefined) return { failed: [], trouble: `${unloaded.name}: ${unloaded.message}` }
  const red = failures(copy, results)
  // Where a hook failed, none of the tests behind it ran.
  const unready = results
    .filter(({ status, assertionResults }) => status === "failed" && assertionResults.every(isNotFailed))
    .map(({ name }) => `${relative(copy, name)} > (a hook)`)
  const failed = [...red, ...unready]
  return code === 0 || failed.length > 0 ? { failed } : { failed, trouble: output.slice(-400) }
}

/** Runs all that can tell a fault by what the code does; a fault shows in the looks of a source anyway. */
export const runEverything = (copy: string): Promise<Verdict> =>
  runTests(copy, ["--exclude", "test/docs/**", "--exclude", "test/source-rules.test.ts"])

/** Runs test files and stops at the first failure that is not one of the `known`. */
export const runUntilRed = async (
  copy: string,
  files: ReadonlyArray<string>,
  known: ReadonlySet<string>,
): Promise<Verdict> => {
  // A fault may make a test wait for ever; sooner than by default is soon enough for those that do not.
  const { code, results = [] } = await run(copy, [...files, "--bail", String(known.size + 1), "--testTimeout", "6000"])
  const failed = failures(copy, results)
  // The runner may stop before it has written down what made it stop.
  return code === 0 || failed.some((test) => !known.has(test)) ? { failed } : runTests(copy, files)
}

const isNotFailed = ({ status }: { readonly status: string }): boolean => status !== "failed"

const run = async (copy: string, args: ReadonlyArray<string>) => {
  const report = join(copy, "report.json")
  const ended = await tool(copy, "vitest/vitest.mjs", ["run", ...args, "--reporter", "json", "--outputFile", report])
  if (ended.code === null) return { ...ended, output: `no end within ${patience / 1000} s`, results: undefined }
  return { ...ended, results: parse(report)?.testResults }
}

const failures = (copy: string, results: Report["testResults"]): ReadonlyArray<string> =>
  results
    .flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter((test) => !isNotFailed(test))
        .map((test) => ({ ...test, id: [relative(copy, name), ...test.ancestorTitles, test.title].join(" > ") })),
    )
    .sort((a, b) => (a.startTime ?? 0) - (b.startTime ?? 0))
    .map(({ id }) => id)

const parse = (report: string): Report | undefined => {
  try {
    return JSON.parse(readFileSync(report, "utf8")) as Report
  } catch {
    return undefined
  }
}

/** Compiles the copy; what failed are the compiler's messages. */
export const checkTypes = async (copy: string): Promise<Verdict> => {
  const { code, output } = await tool(copy, "typescript/bin/tsc", [
    "--noEmit",
    "-p",
    "tsconfig.json",
    "--pretty",
    "false",
  ])
  const failed = output
    .split("\n")
    .filter((line) => /: error TS\d+:/.test(line))
    // What was written to be refused tells more than what happened to be in the way.
    .sort((a, b) => Number(b.startsWith("test/types/")) - Number(a.startsWith("test/types/")))
  return code !== 0 && failed.length === 0 ? { failed, trouble: output.slice(-400) } : { failed }
}
