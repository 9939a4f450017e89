/**
 * Publishes both packages. It refuses to do so while there are placeholders or problems.
 *
 *   --dry-run   print what would be published and what is still to fill in
 *   --built     use the build that is there
 */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { type Packed, placeholdersOf, problemsOf, type Release } from "./release/checks.ts"

const root = join(import.meta.dirname, "..")

const textOf = (file: string): string => readFileSync(join(root, file), "utf8")

const run = (command: string, args: ReadonlyArray<string>, cwd = root): string => {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" })
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${error?.message ?? stderr}`)
  return stdout
}

/** Packs a package into a folder, as `npm publish` packs it. */
const pack = (folder: string, destination: string): Packed => {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", destination]
  const result = JSON.parse(run("npm", args, join(root, folder))) as
    | ReadonlyArray<Packed>
    | Readonly<Record<string, Packed>>
  const [packed] = Object.values(result)
  if (packed === undefined) throw new Error(`npm packed nothing in ${folder}`)
  return packed
}

const folders = ["", "packages/testing"]

const releaseOf = (destination: string): Release => ({
  packages: folders.map((folder) => ({
    manifest: JSON.parse(textOf(join(folder, "package.json"))),
    packed: pack(folder, destination),
    folder: folder || ".",
  })),
  workflow: textOf(".github/workflows/release.yml"),
  changesets: JSON.parse(textOf(".changeset/config.json")),
})

/** The files in which a host of the project stands. */
const filesWithHosts = ["CODE_OF_CONDUCT.md", ".github/ISSUE_TEMPLATE/config.yml"]

const flag = { type: "boolean", default: false } as const
const { values } = parseArgs({ options: { "dry-run": flag, built: flag } })
if (!values.built) run("npm", ["run", "build", "--silent"])
const destination = mkdtempSync(join(tmpdir(), "latchkey-release-"))
try {
  const release = releaseOf(destination)
  for (const { packed } of release.packages)
    console.log(`${packed.name}@${packed.version}: ${packed.files.length} files, ${packed.size} bytes packed`)
  const placeholders = [
    ...release.packages.flatMap(({ folder, manifest }) => placeholdersOf(join(folder, "package.json"), manifest)),
    ...filesWithHosts.filter((file) => textOf(file).includes("example.invalid")),
  ]
  const problems = problemsOf(release)
  for (const placeholder of placeholders) console.log(`to fill in: ${placeholder}`)
  for (const problem of problems) console.error(`problem: ${problem}`)
  const isReady = placeholders.length === 0 && problems.length === 0
  if (values["dry-run"]) {
    console.log(isReady ? "ready to publish" : "not ready to publish")
    process.exitCode = problems.length === 0 ? 0 : 1
  } else if (!isReady) {
    console.error("nothing was published: fill in the placeholders and solve the problems first")
    process.exitCode = 1
  } else {
    const { status } = spawnSync("npx", ["--no-install", "changeset", "publish"], { cwd: root, stdio: "inherit" })
    process.exitCode = status ?? 1
  }
} finally {
  rmSync(destination, { recursive: true })
}
