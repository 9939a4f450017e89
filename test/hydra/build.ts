import { createHash } from "node:crypto"
import { accessSync, constants, readFileSync, statSync } from "node:fs"
import { homedir } from "node:os"
import { delimiter, isAbsolute, join } from "node:path"
import { fileURLToPath } from "node:url"
import { goBuild, type Toolchain } from "./go-build.ts"

/** The folder of the Go program whose one dependency is Ory Hydra. */
const source = fileURLToPath(new URL("./server", import.meta.url))

/** Where Go puts itself when it is installed by hand; PATH is searched first. */
const goFolders = ["/usr/local/go/bin"]

/** Either the path of a Hydra that can be run, or one line that says why there is none and what to do. */
export type HydraBinary = { readonly path: string } | { readonly missing: string }

/** The build that this process is doing now, so that two callers at once share it. */
let building: Promise<void> | undefined

/**
 * Finds the Ory Hydra binary, or builds it once and keeps it in the user's cache folder. LATCHKEY_HYDRA=off turns it
 * off; LATCHKEY_HYDRA_BINARY names a binary to use instead. Without Go or a C compiler the answer is `missing`; a
 * binary that was named but cannot run, and a build that fails, are errors.
 */
export async function hydraBinary(env: NodeJS.ProcessEnv = process.env): Promise<HydraBinary> {
  if (env.LATCHKEY_HYDRA === "off") return { missing: "LATCHKEY_HYDRA=off; unset it to run the tests on a real Hydra" }
  const named = env.LATCHKEY_HYDRA_BINARY
  if (named) return { path: requireExecutable(named) }
  const path = cachedPath(env)
  if (isExecutable(path)) return { path }
  const tools = toolchain(env)
  if ("missing" in tools) return tools
  await buildOnce(path, tools)
  return { path }
}

/** The version of Hydra that go.mod requires, such as "v2.3.0". */
export function requiredVersion(): string {
  const version = /github\.com\/ory\/hydra\/v2 (v\S+)/.exec(readFileSync(join(source, "go.mod"), "utf8"))?.[1]
  if (version === undefined) throw new Error(`${source}/go.mod does not require github.com/ory/hydra/v2`)
  return version
}

/** Where the binary of exactly these sources is kept: outside the repository, under a name made from their content. */
function cachedPath(env: NodeJS.ProcessEnv): string {
  const hash = createHash("sha256")
  for (const file of ["go.mod", "go.sum", "main.go"]) hash.update(readFileSync(join(source, file)))
  const cache = env.XDG_CACHE_HOME
  const root = cache && isAbsolute(cache) ? cache : join(homedir(), ".cache")
  return join(root, "latchkey", `hydra-${hash.digest("hex").slice(0, 12)}`, "hydra")
}

/** Builds the binary, unless this process is at it already, and says so on stderr because it can take minutes. */
function buildOnce(path: string, tools: Toolchain): Promise<void> {
  building ??= build(path, tools).finally(() => {
    building = undefined
  })
  return building
}

/** Builds the binary, with one line on stderr. */
async function build(path: string, tools: Toolchain): Promise<void> {
  process.stderr.write(
    `Building Ory Hydra ${requiredVersion()} once, into ${path} (about two minutes the first time)\n`,
  )
  await goBuild(source, path, tools)
}

/** The go command and a C compiler, or which of them is missing. */
function toolchain(env: NodeJS.ProcessEnv): Toolchain | { readonly missing: string } {
  const advice = "or name a Hydra binary in LATCHKEY_HYDRA_BINARY"
  const go = which("go", env, goFolders)
  if (go === undefined) return { missing: `no Go on PATH to build Ory Hydra with: install Go, ${advice}` }
  const cc = env.CC || ["gcc", "clang", "cc"].find((name) => which(name, env) !== undefined)
  if (!cc) return { missing: `no C compiler on PATH to build Ory Hydra with: install gcc or clang, ${advice}` }
  return { go, cc }
}

/** The first executable of that name on PATH, then in the other folders. */
function which(name: string, env: NodeJS.ProcessEnv, others: ReadonlyArray<string> = []): string | undefined {
  const folders = [...(env.PATH ?? "").split(delimiter).filter(isAbsolute), ...others]
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

/** The same path, when it is an executable file; a typing mistake must not skip the tests in silence. */
function requireExecutable(path: string): string {
  if (!isExecutable(path)) throw new Error(`LATCHKEY_HYDRA_BINARY is not an executable file: ${path}`)
  return path
}

/** Whether a file is there that may be run. */
function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
