/**
 * Uses both packages as strangers do: packed, installed in an empty folder with what an entry needs and nothing else.
 *
 * Each program of `scripts/strangers` is compiled with two versions of TypeScript and two of @types/node, with
 * `skipLibCheck: false` and `declaration: true`, and run once.
 */
import { spawn } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")

/** The newest release of TypeScript 5, and the one that compiles the project. */
const compilers = { "5.9": "typescript@~5.9.0", "7": "typescript@7.0.2" } as const
const nodeTypes = ["24", "26"] as const

interface Group {
  readonly name: string
  readonly programs: ReadonlyArray<string>
  /** The packages of this repository that are installed. */
  readonly packed: ReadonlyArray<"latchkey" | "testing">
  /** What else the entries need. */
  readonly installs: ReadonlyArray<string>
  readonly run: (program: string) => ReadonlyArray<string>
}

const runWithNode = (program: string) => [process.execPath, program]

/** The SDKs of OpenTelemetry in one version. A conflict of peer dependencies fails the installation. */
const sdks = (version: string): ReadonlyArray<string> =>
  ["sdk-trace", "sdk-metrics", "context-async-hooks"].map((name) => `@opentelemetry/${name}@${version}`)

const groups: ReadonlyArray<Group> = [
  {
    name: "latchkey",
    programs: [
      "latchkey.ts",
      "effect.ts",
      "better-auth.ts",
      "keycloak.ts",
      "kinde.ts",
      "ory.ts",
      "polar.ts",
      "oidc.ts",
      "own-vendor.ts",
      "presets.ts",
    ],
    packed: ["latchkey"],
    installs: ["effect@4.1.0"],
    run: runWithNode,
  },
  {
    name: "testing",
    programs: ["testing.ts"],
    packed: ["latchkey", "testing"],
    installs: ["effect@4.1.0"],
    run: runWithNode,
  },
  {
    name: "guards",
    programs: ["guard-express.ts", "guard-effect.ts"],
    packed: ["latchkey", "testing"],
    installs: ["effect@4.1.0", "express@5.3.0", "@types/express@5.0.6"],
    run: runWithNode,
  },
  {
    name: "opentelemetry-3",
    programs: ["opentelemetry.ts", "opentelemetry-logs.ts"],
    packed: ["latchkey"],
    installs: ["effect@4.1.0", "@opentelemetry/api@1.10.0", ...sdks("3.1.1"), "@opentelemetry/sdk-logs@3.1.1"],
    run: runWithNode,
  },
  {
    // The SDKs before 3.0 exclude `@opentelemetry/api` 1.10. Their logs are a package of its own.
    name: "opentelemetry-2",
    programs: ["opentelemetry.ts"],
    packed: ["latchkey"],
    installs: ["effect@4.1.0", "@opentelemetry/api@1.9.0", ...sdks("2.12.1")],
    run: runWithNode,
  },
  {
    name: "contract",
    programs: ["contract.test.ts", "own-vendor.test.ts"],
    packed: ["latchkey", "testing"],
    installs: ["effect@4.1.0", "vitest@5.1.0"],
    run: (program) => [process.execPath, "node_modules/vitest/vitest.mjs", "run", program],
  },
]

const run = (cwd: string, ...[command = "", ...args]: ReadonlyArray<string>): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] })
    const chunks: Array<Buffer> = []
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk))
    child.on("error", reject)
    child.on("close", (code) => {
      const output = Buffer.concat(chunks).toString("utf8")
      if (code === 0) resolve(output)
      else reject(new Error(`${[command, ...args].join(" ")} failed in ${cwd}:\n${output.slice(-3000)}`))
    })
  })

const install = (folder: string, packages: ReadonlyArray<string>): Promise<string> => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "stranger", private: true, type: "module" }))
  const options = ["--no-audit", "--no-fund", "--prefer-offline", "--no-package-lock", "--loglevel=error"]
  return run(folder, "npm", "install", ...options, ...packages)
}

const tarballs = async (folder: string): Promise<Readonly<Record<"latchkey" | "testing", string>>> => {
  const pack = async (path: string): Promise<string> => {
    const output = await run(path, "npm", "pack", "--ignore-scripts", "--silent", "--pack-destination", folder)
    return join(folder, output.trim().split("\n").at(-1) ?? "")
  }
  return { latchkey: await pack(root), testing: await pack(join(root, "packages", "testing")) }
}

const compilerOptions = {
  module: "nodenext",
  target: "es2024",
  strict: true,
  skipLibCheck: false,
  // With declarations, an exported provider must have a type that can be named.
  declaration: true,
  emitDeclarationOnly: true,
  outDir: "declarations",
  types: ["node"],
}

/** Runs tasks, as many at a time as there are processors. */
const all = async (tasks: ReadonlyArray<() => Promise<void>>): Promise<void> => {
  const waiting = [...tasks]
  const work = async () => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) await task()
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
}

const folder = mkdtempSync(join(tmpdir(), "latchkey-strangers-"))
const failures: Array<string> = []
const attempt = (name: string, action: () => Promise<unknown>) => async () => {
  const start = performance.now()
  try {
    await action()
    console.log(`ok     ${name} ${((performance.now() - start) / 1000).toFixed(1)} s`)
  } catch (error) {
    failures.push(name)
    console.log(`FAILED ${name}\n${error instanceof Error ? error.message : String(error)}`)
  }
}

try {
  const packed = await tarballs(folder)
  for (const [name, compiler] of Object.entries(compilers))
    await install(join(folder, `typescript-${name}`), [compiler])
  for (const { name, packed: needed, installs, programs } of groups)
    for (const types of nodeTypes) {
      const place = join(folder, `${name}-${types}`)
      await install(place, [...needed.map((each) => packed[each]), ...installs, `@types/node@${types}`])
      for (const program of programs) cpSync(join(root, "scripts", "strangers", program), join(place, program))
      writeFileSync(join(place, "tsconfig.json"), JSON.stringify({ compilerOptions, files: programs }))
    }
  await all([
    ...groups.flatMap(({ name }) =>
      nodeTypes.flatMap((types) =>
        Object.keys(compilers).map((compiler) => {
          const tsc = join(folder, `typescript-${compiler}`, "node_modules", "typescript", "bin", "tsc")
          return attempt(`${name}, TypeScript ${compiler}, @types/node ${types}`, () =>
            run(join(folder, `${name}-${types}`), process.execPath, tsc, "-p", "tsconfig.json", "--pretty", "false"),
          )
        }),
      ),
    ),
    ...groups.flatMap(({ name, programs, run: command }) =>
      programs.map((program) =>
        attempt(`${name}, runs ${program}`, () => run(join(folder, `${name}-24`), ...command(program))),
      ),
    ),
  ])
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failures.length === 0 ? 0 : 1
