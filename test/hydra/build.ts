import { createHash } from "node:crypto"
import { accessSync, constants, readFileSync, statSync } from "node:fs"
import { homedir } from "node:os"
import { delimiter, isAbsolute, join } from "node:path"
import { fileURLToPath } from "node:url"
import { goBuild, type Toolchain } from "./go-build.ts"

/** The folder of the Go program whose one dependency is Ory Hydra. */
const source = fileURLToPath(new URL("./server", import.meta.url))

/** The folder of a manual Go installation, searched after PATH. */
const goFolders = ["/usr/local/go/bin"]

/** The path of an executable Hydra, or one line with the reason why there is no Hydra and what to do. */
export type HydraBinary = { readonly path: string } | { readonly missing: string }

/** The build under way in this process, shared by concurrent callers. */
let building: Promise<void> | undefined

/**
 * Finds the Ory Hydra binary, or builds it once and keeps it in the user's cache folder. LATCHKEY_HYDRA=off turns Hydra
 * off; LATCHKEY_HYDRA_BINARY names a binary to use instead. The result is `missing` without Go or a C compiler. A
 * named binary that is not executable, and a failed build, are errors.
 */
export async function hydraBinary(env: NodeJS.ProcessEnv = process.env): Promise<HydraBinary> {
  if (env.LATCHKEY_HYDRA === "off") return { missing: "LATCHKEY_HYDRA=off; unset it to run the tests on a real Hydra" }
  const namedBinary = env.LATCHKEY_HYDRA_BINARY
  if (namedBinary) return { path: requireExecutable(namedBinary) }
  const path = cachedPath(env)
  if (isExecutable(path)) return { path }
  const tools = toolchain(env)
  if ("missing" in tools) return tools
  await buildOnce(path, tools)
  return { path }
}

/** Returns the version of Hydra that go.mod requires, such as "v2.3.0". */
export function requiredVersion(): string {
  const version = /github\.com\/ory\/hydra\/v2 (v\S+)/.exec(readFileSync(join(source, "go.mod"), "utf8"))?.[1]
  if (version === undefined) throw new Error(`${source}/go.mod does not require github.com/ory/hydra/v2`)
  return version
}

/** The path of the cached binary: outside the repository, with a hash of the sources in its name. */
function cachedPath(env: NodeJS.ProcessEnv): string {
  const hash = createHash("sha256")
  for (const file of ["go.mod", "go.sum", "main.go"]) hash.update(readFileSync(join(source, file)))
  const cache = env.XDG_CACHE_HOME
  const root = cache && isAbsolute(cache) ? cache : join(homedir(), ".cache")
  return join(root, "latchkey", `hydra-${hash.digest("hex").slice(0, 12)}`, "hydra")
}

/** Builds the binary, or joins the build under way in this process. */
function buildOnce(path: string, tools: Toolchain): Promise<void> {
  building ??= build(path, tools).finally(() => {
    building = undefined
  })
  return building
}

/** Builds the binary, and first prints one line to stderr because a build can take minutes. */
async function build(path: string, tools: Toolchain): Promise<void> {
  process.stderr.write(
    `Building Ory Hydra ${requiredVersion()} once, into ${path} (about two minutes the first time)\n`,
  )
  await goBuild(source, path, tools)
}

/** Finds the go command and a C compiler, or the reason why one is missing. */
function toolchain(env: NodeJS.ProcessEnv): Toolchain | { readonly missing: string } {
  const advice = "or name a Hydra binary in LATCHKEY_HYDRA_BINARY"
  const go = which("go", env, goFolders)
  if (go === undefined) return { missing: `no Go on PATH to build Ory Hydra with: install Go, ${advice}` }
  const cc = env.CC || ["gcc", "clang", "cc"].find((name) => which(name, env) !== undefined)
  if (!cc) return { missing: `no C compiler on PATH to build Ory Hydra with: install gcc or clang, ${advice}` }
  return { go, cc }
}

/** Finds the first executable with this name on PATH, then in the other folders. */
function which(name: string, env: NodeJS.ProcessEnv, otherFolders: ReadonlyArray<string> = []): string | undefined {
  const folders = [...(env.PATH ?? "").split(delimiter).filter(isAbsolute), ...otherFolders]
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

/** Returns the path of an executable file, and throws for another path, so that a typing error does not skip tests. */
function requireExecutable(path: string): string {
  if (!isExecutable(path)) throw new Error(`LATCHKEY_HYDRA_BINARY is not an executable file: ${path}`)
  return path
}

/** Whether the path is an executable file. */
function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
