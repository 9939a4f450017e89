/** Runs every check of the repository that is not a test, and prints a line for each. */
import { spawn } from "node:child_process"
import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"

interface Outcome {
  readonly passed: boolean
  readonly output: string
}

interface Step {
  readonly name: string
  readonly run: () => Promise<Outcome>
  /** The step whose results this step reads. If that step failed, this one is not run and fails. */
  readonly needs?: string
}

const root = fileURLToPath(new URL("../", import.meta.url))

const runIn = (cwd: string, command: string, ...args: ReadonlyArray<string>): Promise<Outcome> =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] })
    const chunks: Array<Buffer> = []
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk))
    child.on("error", (error) => resolve({ passed: false, output: error.message }))
    child.on("close", (code) => resolve({ passed: code === 0, output: Buffer.concat(chunks).toString("utf8") }))
  })

const run = (command: string, ...args: ReadonlyArray<string>): Promise<Outcome> => runIn(root, command, ...args)

// The tools run with the Node of this script, because a machine's own may be too old.
const tool = (name: string, ...args: ReadonlyArray<string>) =>
  run(process.execPath, `node_modules/.bin/${name}`, ...args)

const script = (name: string, ...args: ReadonlyArray<string>) => run(process.execPath, `scripts/${name}.ts`, ...args)

/** Runs a tool on both packages. */
const onBoth = async (name: string, ...args: ReadonlyArray<string>): Promise<Outcome> => {
  const outcomes = await Promise.all(
    ["", "packages/testing/"].map((folder) =>
      runIn(`${root}${folder}`, process.execPath, `${root}node_modules/.bin/${name}`, ...args),
    ),
  )
  return { passed: outcomes.every(({ passed }) => passed), output: outcomes.map(({ output }) => output).join("\n") }
}

/**
 * Checks a lock file: a registry host in it makes every machine download from that host, and without the packages of
 * other platforms it cannot be installed there.
 */
const lockFile = async (file: string): Promise<Outcome> => {
  const lock = await readFile(`${root}${file}`, "utf8")
  const { packages } = JSON.parse(lock) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>
  }
  const places = Object.keys(packages)
  const missing = Object.values(packages)
    .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    .filter((name) => !places.some((place) => place.endsWith(`node_modules/${name}`)))
  if (missing.length > 0) return { passed: false, output: `npm ci will reject ${file}: it lacks ${missing.join(", ")}` }
  const hosts = new Set([...lock.matchAll(/"resolved": "([a-z+]+:\/\/[^/"]*)/g)].map((match) => match[1]))
  return { passed: hosts.size === 0, output: `${file} names ${[...hosts].join(", ")}; see .npmrc` }
}

const steps: ReadonlyArray<Step> = [
  { name: "types", run: () => tool("tsc", "--noEmit", "-p", "tsconfig.json") },
  // Also import cycles, type imports included, and functions over 60 lines.
  { name: "lint and format", run: () => tool("biome", "check", ".") },
  { name: "build", run: () => script("build") },
  { name: "built package", run: () => script("try-built"), needs: "build" },
  { name: "published files", run: () => script("check-packages"), needs: "build" },
  { name: "import weight", run: () => script("import-weight"), needs: "build" },
  { name: "publint", run: () => onBoth("publint", "run", ".", "--strict"), needs: "build" },
  { name: "attw", run: () => onBoth("attw", "--pack", ".", "--profile", "esm-only", "--no-emoji"), needs: "build" },
  { name: "strangers", run: () => script("strangers"), needs: "build" },
  { name: "runtimes", run: () => script("runtimes"), needs: "build" },
  { name: "release", run: () => script("release", "--dry-run", "--built"), needs: "build" },
  { name: "dead code", run: () => tool("knip", "--no-progress", "--treat-config-hints-as-errors") },
  { name: "lock file", run: () => lockFile("package-lock.json") },
  { name: "lock of site", run: () => lockFile("site/package-lock.json") },
]

const failed: Array<string> = []

for (const { name, run: perform, needs } of steps) {
  const start = performance.now()
  const isBlocked = needs !== undefined && failed.includes(needs)
  const { passed, output } = isBlocked ? { passed: false, output: `not run: ${needs} failed` } : await perform()
  if (!passed) failed.push(name)
  console.log(`${passed ? "ok    " : "FAILED"} ${name.padEnd(16)} ${((performance.now() - start) / 1000).toFixed(1)} s`)
  if (!passed) console.log(`${output.trimEnd()}\n`)
}

console.log(failed.length === 0 ? "All checks passed." : `Failed: ${failed.join(", ")}.`)
process.exitCode = failed.length === 0 ? 0 : 1
