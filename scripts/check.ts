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
  /** A step whose output this step reads; if that step fails, this step fails without running. */
  readonly needs?: string
}

const root = fileURLToPath(new URL("../", import.meta.url))

const run = (command: string, ...args: ReadonlyArray<string>): Promise<Outcome> =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] })
    const chunks: Array<Buffer> = []
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk))
    child.on("error", (error) => resolve({ passed: false, output: error.message }))
    child.on("close", (code) => resolve({ passed: code === 0, output: Buffer.concat(chunks).toString("utf8") }))
  })

// The tools run under the Node that runs this script, because another installed Node may be too old.
const tool = (name: string, ...args: ReadonlyArray<string>) =>
  run(process.execPath, `node_modules/.bin/${name}`, ...args)

const build = async (): Promise<Outcome> => {
  const removed = await run("rm", "-rf", "dist")
  const compiled = removed.passed ? await tool("tsc", "-p", "tsconfig.build.json") : removed
  return compiled.passed ? run(process.execPath, "scripts/bundle.ts") : compiled
}

/**
 * Checks package-lock.json: with a registry's host, every installation downloads from that host; without the packages
 * of other platforms, `npm ci` fails there.
 */
const lockFile = async (): Promise<Outcome> => {
  const lock = await readFile(`${root}package-lock.json`, "utf8")
  const { packages } = JSON.parse(lock) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>
  }
  const places = Object.keys(packages)
  const missing = Object.values(packages)
    .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    .filter((name) => !places.some((place) => place.endsWith(`node_modules/${name}`)))
  if (missing.length > 0)
    return { passed: false, output: `npm ci fails with package-lock.json, which lacks ${missing.join(", ")}` }
  const hosts = new Set([...lock.matchAll(/"resolved": "([a-z+]+:\/\/[^/"]*)/g)].map((match) => match[1]))
  return { passed: hosts.size === 0, output: `package-lock.json names ${[...hosts].join(", ")}; see .npmrc` }
}

const steps: ReadonlyArray<Step> = [
  { name: "types", run: () => tool("tsc", "--noEmit", "-p", "tsconfig.json") },
  { name: "lint and format", run: () => tool("biome", "check", ".") },
  { name: "build", run: build },
  { name: "built package", run: () => run(process.execPath, "scripts/try-built.ts"), needs: "build" },
  { name: "publint", run: () => tool("publint", "run", ".", "--strict"), needs: "build" },
  { name: "attw", run: () => tool("attw", "--pack", ".", "--profile", "esm-only", "--no-emoji"), needs: "build" },
  { name: "dead code", run: () => tool("knip", "--no-progress", "--treat-config-hints-as-errors") },
  { name: "lock file", run: lockFile },
]

const failed: Array<string> = []

for (const { name, run: perform, needs } of steps) {
  const start = performance.now()
  const blocked = needs !== undefined && failed.includes(needs)
  const { passed, output } = blocked ? { passed: false, output: `not run: ${needs} failed` } : await perform()
  if (!passed) failed.push(name)
  console.log(`${passed ? "ok    " : "FAILED"} ${name.padEnd(16)} ${((performance.now() - start) / 1000).toFixed(1)} s`)
  if (!passed) console.log(`${output.trimEnd()}\n`)
}

console.log(failed.length === 0 ? "All checks passed." : `Failed: ${failed.join(", ")}.`)
process.exitCode = failed.length === 0 ? 0 : 1
