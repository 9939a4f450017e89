/** What an installation of latchkey weighs on disk, and what an import of its entries costs. */
import { spawnSync } from "node:child_process"
import { lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"

export interface Weight {
  readonly name: string
  readonly value: number
}

/** The bytes of all files in a folder, without the packages that are installed within it. */
const bytesIn = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    if (entry.name === "node_modules") return sum
    const path = join(folder, entry.name)
    return sum + (entry.isDirectory() ? bytesIn(path) : lstatSync(path).size)
  }, 0)

/** The folder of a package as another one finds it. Not all packages export their manifest. */
const folderOf = (name: string, from: string): string => {
  const places = createRequire(join(from, "package.json")).resolve.paths(name) ?? []
  const place = places.find((each) => readdirSync(dirname(each)).includes("node_modules") && isInstalled(each, name))
  if (place === undefined) throw new Error(`${name} is not installed`)
  return join(place, name)
}

const isInstalled = (place: string, name: string): boolean => {
  try {
    return lstatSync(join(place, name)).isDirectory()
  } catch {
    return false
  }
}

/** Returns the folders of a package and of everything that it depends on. */
const withDependencies = (folder: string, found = new Set<string>()): ReadonlySet<string> => {
  if (found.has(folder)) return found
  found.add(folder)
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    readonly dependencies?: Readonly<Record<string, string>>
  }
  for (const name of Object.keys(dependencies)) withDependencies(folderOf(name, folder), found)
  return found
}

const inMiB = (folders: Iterable<string>): number =>
  Math.round(([...folders].reduce((sum, folder) => sum + bytesIn(folder), 0) / 2 ** 20) * 10) / 10

/** Measures what the packages take on disk, in MiB. */
export const measureInstallation = (root: string): ReadonlyArray<Weight> => {
  const own = join(root, "node_modules", "latchkey")
  const all = withDependencies(own)
  const dependencies = [...all].filter((folder) => folder !== own)
  const peer = [...withDependencies(join(root, "node_modules", "effect"))].filter((folder) => !all.has(folder))
  return [
    { name: "latchkey", value: inMiB([own]) },
    { name: `its ${dependencies.length} dependencies`, value: inMiB(dependencies) },
    { name: `effect and its ${peer.length - 1} dependencies`, value: inMiB(peer) },
  ]
}

const imported = ["latchkey", "latchkey/effect", "latchkey/core", "latchkey/oidc", "latchkey/kinde", "effect/Effect"]
const starts = 5

/** Measures the CPU of an import in new processes, against that of undici's public entry: the least of several. */
export const measureImports = (root: string): ReadonlyArray<Weight> => {
  const program = join(root, "imported.mjs")
  writeFileSync(
    program,
    "const start = process.cpuUsage(); await import(process.argv[2]); const { user, system } = process.cpuUsage(start); console.log(user + system)",
  )
  const costs = new Map<string, number>()
  for (let round = 0; round < starts; round++)
    for (const entry of ["undici", ...imported]) {
      const { stdout, stderr, status } = spawnSync(process.execPath, [program, entry], { cwd: root, encoding: "utf8" })
      if (status !== 0) throw new Error(`importing ${entry} failed: ${stderr}`)
      costs.set(entry, Math.min(costs.get(entry) ?? Number.POSITIVE_INFINITY, Number(stdout)))
    }
  const undici = costs.get("undici") ?? Number.NaN
  return imported.map((name) => ({ name, value: Math.round(((costs.get(name) ?? 0) / undici) * 100) / 100 }))
}

export const weightTable = (heading: string, weights: ReadonlyArray<Weight>, mark = ""): string =>
  [`| ${heading} |`, "| --- | --- |", ...weights.map(({ name, value }) => `| ${mark}${name}${mark} | ${value} |`)].join(
    "\n",
  )

/** Whether a table has the same rows, and no value is larger than shown by more than a part. */
export const isNearly = (found: string, weights: ReadonlyArray<Weight>, tolerance: number): boolean => {
  const rows = found.split("\n").slice(2)
  return (
    rows.length === weights.length &&
    weights.every(({ name, value }, at) => {
      const [, shown = "", number] = rows[at]?.split("|").map((cell) => cell.trim()) ?? []
      return shown.replaceAll("`", "") === name && value <= Number(number) * (1 + tolerance)
    })
  )
}
