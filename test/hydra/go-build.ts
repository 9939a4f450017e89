import { type ChildProcess, spawn } from "node:child_process"
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import { outputTail } from "./output-tail.ts"
import { kill, tie } from "./tied-process.ts"

/** The time limit of one build, in milliseconds. A first build downloads about 400 modules. */
const buildTimeLimit = 10 * 60_000

/** The programs that a build needs. */
export interface Toolchain {
  /** The path of the go command. */
  readonly go: string
  /** The C compiler for cgo. A bare name when it is on PATH, because Go's cache treats a path as another compiler. */
  readonly cc: string
}

/**
 * Builds the Go program in `source` and puts the binary at `target`. The binary is built in a new folder beside the
 * target and then renamed, so that concurrent or interrupted builds never leave a partial binary at `target`.
 */
export async function goBuild(source: string, target: string, tools: Toolchain): Promise<void> {
  await mkdir(dirname(target), { recursive: true })
  const scratch = await mkdtemp(join(dirname(target), "build-"))
  try {
    await run(source, join(scratch, "hydra"), scratch, tools)
    await rename(join(scratch, "hydra"), target)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Runs `go build`. The sqlite tags are needed because an in-memory database is sqlite too. */
async function run(source: string, output: string, scratch: string, tools: Toolchain): Promise<void> {
  const args = ["build", "-tags", "sqlite,sqlite_omit_load_extension", "-o", output, "."]
  const child = spawn(tools.go, args, {
    cwd: source,
    env: { ...process.env, CGO_ENABLED: "1", CC: tools.cc, GOTMPDIR: scratch },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // go starts compilers; a separate process group makes it possible to end them all
  })
  const tail = outputTail([child.stdout, child.stderr])
  const untie = child.pid === undefined ? () => {} : tie(-child.pid)
  const problem = await outcome(child, buildTimeLimit).finally(untie)
  if (problem !== undefined) throw new Error(`go build of Ory Hydra in ${source} ${problem}:\n${tail()}`)
}

/** Waits until the process and its output have ended, and returns the problem, if any. */
function outcome(child: ChildProcess, limit: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      if (child.pid !== undefined) kill(-child.pid)
      resolve(`took more than ${limit / 60_000} minutes`)
    }, limit)
    child.on("error", (error) => resolve(`could not start (${error.message})`))
    child.on("close", (code, signal) => {
      clearTimeout(timer)
      resolve(code === 0 ? undefined : `failed (${signal ?? `exit code ${code}`})`)
    })
  })
}
