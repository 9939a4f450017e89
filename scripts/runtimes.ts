/**
 * Runs the packed package on every supported runtime, in a folder with the runtimes and nothing else, measures the
 * bundles of its entries, and compares the tables of `docs/runtimes.md` with the results; with `--write` it writes them.
 */
import { spawn } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Step } from "./runtimes/program.ts"
import { startProxy } from "./runtimes/proxy.ts"
import { type SmokeServer, startServer } from "./runtimes/server.ts"
import { type EntrySize, isCurrent, measureSizes, sizeTable } from "./runtimes/sizes.ts"
import { isNearly, measureImports, measureInstallation, type Weight, weightTable } from "./runtimes/weight.ts"

const root = join(import.meta.dirname, "..")

/** The runtimes, pinned. `LATCHKEY_RUNTIMES` names a folder in which they stay installed. */
const packages = {
  bun: "1.4.5",
  deno: "2.9.6",
  miniflare: "4.20260730.0",
  node22: "npm:node@22.19.0",
  esbuild: "0.28.2",
  effect: "4.1.0",
  "@opentelemetry/api": "1.10.0",
}
const folder = process.env.LATCHKEY_RUNTIMES ?? mkdtempSync(join(tmpdir(), "latchkey-runtimes-"))

const run = (cwd: string, command: string, args: ReadonlyArray<string>, env = process.env): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] })
    const timer = setTimeout(() => child.kill("SIGKILL"), 120_000)
    const out: Array<Buffer> = []
    const errors: Array<Buffer> = []
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk))
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk))
    child.on("error", reject)
    child.on("close", (code) => {
      clearTimeout(timer)
      const text = Buffer.concat(out).toString("utf8")
      if (code === 0) resolve(text)
      else
        reject(
          new Error(`${command} ended with ${code}: ${Buffer.concat(errors).toString("utf8").slice(-1500)}${text}`),
        )
    })
  })

const install = async (): Promise<void> => {
  mkdirSync(folder, { recursive: true })
  const manifest = { name: "smoke", private: true, type: "module", dependencies: packages, allowScripts: allowed }
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest))
  const packed = await run(root, "npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder])
  const tarball = packed.trim().split("\n").at(-1) ?? ""
  const options = ["--no-audit", "--no-fund", "--prefer-offline", "--no-package-lock", "--loglevel=error", "--no-save"]
  await run(folder, "npm", ["install", ...options, `./${tarball}`])
  cpSync(join(root, "scripts", "runtimes"), join(folder, "runtimes"), { recursive: true })
}

/** These packages download their program after the installation. */
const allowed = { bun: true, deno: true, node: true, node22: true, workerd: true, esbuild: true }

const inFolder = (...path: ReadonlyArray<string>): string => join(folder, "node_modules", ...path)

const program =
  (command: string, ...args: ReadonlyArray<string>) =>
  async ({ url, refused }: SmokeServer) => {
    const output = await run(folder, command, [...args, "runtimes/main.ts", url, refused])
    return JSON.parse(output.trim().split("\n").at(-1) ?? "") as ReadonlyArray<Step>
  }

/** Runs the steps on Bun behind a proxy, and checks that the requests went through it. */
const bunBehindProxy = async ({ url, refused }: SmokeServer): Promise<ReadonlyArray<Step>> => {
  const proxy = await startProxy()
  try {
    const env = { ...process.env, HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, NO_PROXY: "" }
    const output = await run(folder, inFolder(".bin", "bun"), ["runtimes/proxied.ts", url, refused], env)
    const found = JSON.parse(output.trim().split("\n").at(-1) ?? "") as ReadonlyArray<Step>
    const { forwarded, refused: tunnels } = proxy.counts
    const used = `${forwarded} requests forwarded, ${tunnels} tunnels refused`
    return [...found, { name: "introspects through the proxy", passed: forwarded > 5 && tunnels > 0, found: used }]
  } finally {
    proxy.close()
  }
}

const stepOf = async (name: string, check: () => Promise<string>): Promise<Step> => {
  try {
    return { name, passed: true, found: await check() }
  } catch (error) {
    return { name, passed: false, found: String(error).slice(0, 600) }
  }
}

/** 8 concurrent requests to one worker, of one kind. */
const eight = (dispatch: (path: string) => Promise<Response>, path: string): Promise<Step> =>
  stepOf(`8 concurrent requests: ${path}`, async () => {
    const paths = Array.from({ length: 8 }, (_, index) => path.replace("INDEX", String(index)))
    const responses = await Promise.race([
      Promise.all(paths.map(dispatch)),
      new Promise<never>((_, reject) => setTimeout(() => reject(new Error("no answer within 20 s")), 20_000)),
    ])
    const failed = responses.filter(({ status }) => status !== 200)
    if (failed.length > 0) throw new Error(`${failed.length} of 8 failed: ${await failed[0]?.text()}`)
    return "8 of 8"
  })

interface Worker {
  readonly dispatchFetch: (url: string) => Promise<Response>
  readonly dispose: () => Promise<void>
}

const workerd = async ({ url, refused, token }: SmokeServer): Promise<ReadonlyArray<Step>> => {
  await run(folder, inFolder(".bin", "esbuild"), [
    ...["runtimes/worker.ts", "--bundle", "--format=esm", "--outfile=worker.mjs", "--platform=browser"],
    ...["--conditions=workerd,worker,import", `--define:SERVER=${JSON.stringify(url)}`],
    `--define:REFUSED=${JSON.stringify(refused)}`,
  ])
  const { Miniflare } = createRequire(join(folder, "package.json"))("miniflare") as {
    readonly Miniflare: new (options: object) => Worker
  }
  const script = readFileSync(join(folder, "worker.mjs"), "utf8")
  const worker = new Miniflare({ modules: true, script, compatibilityDate: "2026-01-01" })
  const dispatch = (path: string) => worker.dispatchFetch(`http://worker.example${path}`)
  try {
    const found: Array<Step> = []
    for (const state of ["cold", "warm"])
      for (const path of [
        "/introspect?token=one",
        "/introspect?token=INDEX",
        "/credentials",
        `/local?token=${token}`,
      ]) {
        const { name, ...step } = await eight(dispatch, path)
        found.push({ ...step, name: `${name.slice(0, 50)}, ${state}` })
      }
    return [...((await (await dispatch("/steps")).json()) as ReadonlyArray<Step>), ...found]
  } finally {
    await worker.dispose()
  }
}

const bundle = async ({ url, refused }: SmokeServer): Promise<ReadonlyArray<Step>> => {
  await run(folder, inFolder(".bin", "esbuild"), [
    ...["runtimes/main.ts", "--bundle", "--format=esm", "--platform=node", "--outfile=bundled.mjs"],
    "--banner:js=import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  ])
  const output = await run(folder, process.execPath, ["bundled.mjs", url, refused])
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as ReadonlyArray<Step>
}

const runtimes: Readonly<Record<string, (server: SmokeServer) => Promise<ReadonlyArray<Step>>>> = {
  "Node 22.19": program(inFolder("node22", "bin", "node")),
  "Node 24": program(process.execPath),
  "Bun 1.4": program(inFolder(".bin", "bun")),
  "Bun 1.4 behind a proxy": bunBehindProxy,
  "Deno 2.9": program(inFolder(".bin", "deno"), "run", "--allow-net", "--allow-env", "--allow-read", "--allow-sys"),
  "workerd (Cloudflare Workers)": workerd,
  "Node 24, bundled by esbuild": bundle,
}

const tableOf = (results: ReadonlyMap<string, ReadonlyArray<Step>>): string =>
  [
    "| runtime | introspection | faults | close | result |",
    "| --- | --- | --- | --- | --- |",
    ...Array.from(results, ([name, steps]) => {
      const cell = (pattern: RegExp) => {
        const matching = steps.filter((step) => pattern.test(step.name))
        return `${matching.filter(({ passed }) => passed).length} of ${matching.length}`
      }
      const all = steps.length > 0 && steps.every(({ passed }) => passed)
      const cells = [cell(/introspect|credentials|User-Agent/), cell(/^fault/), cell(/close$/)]
      return `| ${[name, ...cells, all ? "works" : "fails"].join(" | ")} |`
    }),
  ].join("\n")

const server = await startServer()
const results = new Map<string, ReadonlyArray<Step>>()
let failures = 0
let sizes: ReadonlyArray<EntrySize> = []
let installed: ReadonlyArray<Weight> = []
let imports: ReadonlyArray<Weight> = []
try {
  await install()
  installed = measureInstallation(folder)
  imports = measureImports(folder)
  sizes = await measureSizes(folder, (...args) => run(folder, inFolder(".bin", "esbuild"), args))
  for (const [name, steps] of Object.entries(runtimes)) {
    const started = performance.now()
    const found = await steps(server).catch(
      (error): ReadonlyArray<Step> => [{ name: "runs", passed: false, found: String(error).slice(0, 1500) }],
    )
    results.set(name, found)
    const failed = found.filter(({ passed }) => !passed)
    failures += failed.length
    console.log(
      `${failed.length === 0 ? "ok    " : "FAILED"} ${name} ${((performance.now() - started) / 1000).toFixed(1)} s`,
    )
    for (const { name: step, found: result } of failed) console.log(`  ${step}: ${result}`)
  }
} finally {
  server.close()
}

const page = join(root, "docs", "runtimes.md")
const isWriting = process.argv.includes("--write")

/** Writes a table between its two comments, or tells that it is out of date. */
const updateTable = (name: string, table: string, isUpToDate: (found: string) => boolean): boolean => {
  const [start, end] = [`<!-- The table ${name} is written by `, `\n<!-- The end of the table ${name}. -->`]
  const text = existsSync(page) ? readFileSync(page, "utf8") : ""
  const from = text.indexOf("\n", text.indexOf(start)) + 1
  const to = text.indexOf(end)
  if (isUpToDate(text.slice(from, to))) return true
  if (isWriting) writeFileSync(page, text.slice(0, from) + table + text.slice(to))
  else console.log(`FAILED docs/runtimes.md, the table ${name}: run \`node scripts/runtimes.ts --write\``)
  return isWriting
}

const resultTable = tableOf(results)
const isResultCurrent = updateTable("of results", resultTable, (found) => found === resultTable)
const isSizeCurrent = updateTable("of sizes", sizeTable(sizes), (found) => isCurrent(found, sizes))
const isWeightCurrent = updateTable("of the installation", weightTable("package | MiB", installed), (found) =>
  isNearly(found, installed, 0.1),
)
// The machine decides about a third of it.
const importTable = weightTable("entry | of the import of undici", imports, "`")
const isImportCurrent = updateTable("of imports", importTable, (found) => isNearly(found, imports, 0.35))
const areCurrent = isResultCurrent && isSizeCurrent && isWeightCurrent && isImportCurrent
process.exit(failures > 0 || !areCurrent ? 1 : 0)
