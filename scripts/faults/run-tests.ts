import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { join, relative } from "node:path"

/** The result of the tests or the compiler for a copy. */
export interface Verdict {
  /** `file > test` for each failed test, in order of failure. */
  readonly failed: ReadonlyArray<string>
  /** Why there is no result: a file that did not load, or a run that did not end. */
  readonly trouble?: string
}

/** The longest duration of a run in milliseconds. */
const maxDuration = 240_000

interface Ended {
  readonly code: number | null
  readonly output: string
}

/** Runs a script of a package in the copy, in its own process group, so that its workers end with it. */
const tool = (copy: string, script: string, args: ReadonlyArray<string>): Promise<Ended> =>
  new Promise((resolve) => {
    const { HYDRA_PUBLIC_URL: _public, HYDRA_ADMIN_URL: _admin, ...env } = process.env
    const child = spawn(process.execPath, [join(copy, "node_modules", script), ...args], {
      cwd: copy,
      detached: true,
      env: {
        ...env,
        LATCHKEY_HYDRA: "off",
        LATCHKEY_REQUIRE_HYDRA: "",
        LATCHKEY_KEYCLOAK: "off",
        LATCHKEY_REQUIRE_KEYCLOAK: "",
        LATCHKEY_BETTER_AUTH: "off",
        LATCHKEY_REQUIRE_BETTER_AUTH: "",
        LATCHKEY_REQUIRE_CHROMIUM: "",
      },
      stdio: ["ignore", "pipe", "pipe"],
    })
    const end = () => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL")
    }
    const timer = setTimeout(end, maxDuration)
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

/** Runs test files completely. */
export const runTests = async (copy: string, files: ReadonlyArray<string>): Promise<Verdict> => {
  const { code, output, results } = await run(copy, files)
  if (results === undefined) return { failed: [], trouble: output.slice(-400) }
  const notLoaded = results.find(({ message, assertionResults }) => message !== "" && assertionResults.length === 0)
  if (notLoaded !== undefined) return { failed: [], trouble: `${notLoaded.name}: ${notLoaded.message}` }
  const failedTests = failures(copy, results)
  // If a hook fails, the tests after the hook do not run.
  const failedHooks = results
    .filter(({ status, assertionResults }) => status === "failed" && assertionResults.every(isNotFailed))
    .map(({ name }) => `${relative(copy, name)} > (a hook)`)
  const failed = [...failedTests, ...failedHooks]
  return code === 0 || failed.length > 0 ? { failed } : { failed, trouble: output.slice(-400) }
}

/** Runs all tests of behaviour; tests of source style fail for any change, so they are excluded. */
export const runEverything = (copy: string): Promise<Verdict> =>
  runTests(copy, [
    "--project=!browser",
    "--project=!keycloak",
    "--exclude",
    "test/docs/**",
    "--exclude",
    "test/source-rules.test.ts",
  ])

/** Runs test files and stops at the first failure that is not in `known`. */
export const runUntilRed = async (
  copy: string,
  files: ReadonlyArray<string>,
  known: ReadonlySet<string>,
): Promise<Verdict> => {
  // A fault can make a test wait forever, so the timeout is shorter than the default.
  const { code, results = [] } = await run(copy, [...files, "--bail", String(known.size + 1), "--testTimeout", "6000"])
  const failed = failures(copy, results)
  // The runner can stop before it has written the failure that stopped it.
  return code === 0 || failed.some((test) => !known.has(test)) ? { failed } : runTests(copy, files)
}

const isNotFailed = ({ status }: { readonly status: string }): boolean => status !== "failed"

const run = async (copy: string, args: ReadonlyArray<string>) => {
  const report = join(copy, "report.json")
  const ended = await tool(copy, "vitest/vitest.mjs", ["run", ...args, "--reporter", "json", "--outputFile", report])
  if (ended.code === null) return { ...ended, output: `no end within ${maxDuration / 1000} s`, results: undefined }
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

/** Compiles the copy; the failures are the compiler's messages. */
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
    // Errors in test/types come first, because they are expected errors and explain the most.
    .sort((a, b) => Number(b.startsWith("test/types/")) - Number(a.startsWith("test/types/")))
  return code !== 0 && failed.length === 0 ? { failed, trouble: output.slice(-400) } : { failed }
}
