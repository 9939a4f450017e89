import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** What a copy does without: what is built, fetched, or kept by tools under a name with a dot. */
const leftOut = (name: string): boolean => name.startsWith(".") || name === "dist" || name === "node_modules"

/** A place for copies of the project, removed when it is disposed of. */
export interface Workbench extends Disposable {
  /** Lends out a copy of the project as it stood when the workbench was made. */
  readonly use: <A>(work: (copy: string) => Promise<A>) => Promise<A>
}

/** Takes a snapshot of the project to make copies from. */
export const makeWorkbench = (root: string): Workbench => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-faults-"))
  const snapshot = join(folder, "snapshot")
  for (const name of readdirSync(root).filter((each) => !leftOut(each)))
    cpSync(join(root, name), join(snapshot, name), { recursive: true })
  // Package by package and not as a whole: the test runner keeps a cache in this folder, and two run at once.
  mkdirSync(join(snapshot, "node_modules"))
  for (const name of readdirSync(join(root, "node_modules")).filter((each) => !each.startsWith(".vite")))
    symlinkSync(join(root, "node_modules", name), join(snapshot, "node_modules", name))

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
