import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** Tells whether a copy leaves out a file: build output, dependencies, and dot files of tools. */
const leftOut = (name: string): boolean => name === ".git" || name === "dist" || name === "node_modules"

/** The packages of the project in `node_modules`. Their links are relative, so that a copy resolves them to itself. */
const ownPackages = { latchkey: "..", "@latchkey/testing": "../../packages/testing" }

/** A temporary folder for copies of the project, removed on dispose. */
export interface Workbench extends Disposable {
  /** Passes a copy of the snapshot to `work` and removes the copy afterwards. */
  readonly use: <A>(work: (copy: string) => Promise<A>) => Promise<A>
}

/** Takes a snapshot of the project for copies. */
export const makeWorkbench = (root: string): Workbench => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-faults-"))
  const snapshot = join(folder, "snapshot")
  for (const name of readdirSync(root).filter((each) => !leftOut(each)))
    cpSync(join(root, name), join(snapshot, name), { recursive: true })
  // Links each package, not the folder, because the test runner keeps a cache in it and two runners run at once.
  const packages = join(snapshot, "node_modules")
  mkdirSync(join(packages, "@latchkey"), { recursive: true })
  for (const [name, target] of Object.entries(ownPackages)) symlinkSync(target, join(packages, name))
  for (const name of readdirSync(join(root, "node_modules")))
    if (!/^(\.vite|@?latchkey$)/.test(name)) symlinkSync(join(root, "node_modules", name), join(packages, name))

  const remove = (path: string) => rmSync(path, { recursive: true, force: true })
  return {
    use: async (work) => {
      const copy = mkdtempSync(join(folder, "copy-"))
      try {
        cpSync(snapshot, copy, { recursive: true, verbatimSymlinks: true })
        return await work(copy)
      } finally {
        remove(copy)
      }
    },
    [Symbol.dispose]: () => remove(folder),
  }
}
