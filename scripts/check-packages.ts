/** Checks what both packages publish: no file that no export reaches, sizes within budget, no placeholder. */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { codeSize, reachedFiles } from "./package-files.ts"
import { placeholdersIn } from "./prepublish.ts"
import { budgets, type PackageBudget } from "./size-budgets.ts"

const root = join(import.meta.dirname, "..")

/** Files that npm adds to every package. */
const always: ReadonlySet<string> = new Set(["package.json", "README.md", "LICENSE"])

interface Packed {
  readonly size: number
  readonly files: ReadonlyArray<{ readonly path: string }>
}

const pack = (folder: string): Packed => {
  const { stdout, stderr, status } = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: folder,
    encoding: "utf8",
  })
  if (status !== 0) throw new Error(stderr)
  const result = JSON.parse(stdout) as ReadonlyArray<Packed> | Readonly<Record<string, Packed>>
  const [packed] = Object.values(result)
  if (packed === undefined) throw new Error(`npm packed nothing in ${folder}`)
  return packed
}

const problemsOf = ({ folder, packed: maxPacked, files: maxFiles, code }: PackageBudget): ReadonlyArray<string> => {
  const path = join(root, folder)
  const { size, files } = pack(path)
  const reached = reachedFiles(path)
  const unreached = files.map((file) => file.path).filter((file) => !always.has(file) && !reached.has(file))
  const sizes = Object.entries(code).map(([entry, budget]) => ({ entry, budget, bytes: codeSize(path, entry) }))
  console.log(`${folder}: ${size} bytes packed of ${maxPacked}, ${files.length} files of ${maxFiles}`)
  for (const { entry, budget, bytes } of sizes) console.log(`  ${entry}: ${bytes} bytes of code, budget ${budget}`)
  return [
    ...unreached.map((file) => `${folder}: no export reaches ${file}`),
    ...(size > maxPacked ? [`${folder}: ${size} bytes packed, more than ${maxPacked}`] : []),
    ...(files.length > maxFiles ? [`${folder}: ${files.length} files, more than ${maxFiles}`] : []),
    ...sizes
      .filter(({ budget, bytes }) => bytes > budget)
      .map(({ entry, budget, bytes }) => `${folder}: ${entry} has ${bytes} bytes of code, more than ${budget}`),
  ]
}

/** `prepublishOnly` must fail exactly while there are placeholders. */
const publishProblems = ({ folder }: PackageBudget): ReadonlyArray<string> => {
  const path = join(root, folder)
  const fields = placeholdersIn(JSON.parse(readFileSync(join(path, "package.json"), "utf8")))
  const { status } = spawnSync(process.execPath, [join(root, "scripts", "prepublish.ts")], { cwd: path })
  if (fields.length > 0) console.log(`${folder}: cannot be published yet, placeholders in ${fields.join(", ")}`)
  return (status !== 0) === fields.length > 0 ? [] : [`${folder}: prepublishOnly does not check the placeholders`]
}

const problems = budgets.flatMap((budget) => [...problemsOf(budget), ...publishProblems(budget)])
for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
