import { spawnSync } from "node:child_process"
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"
import { installedFolder, manifests, sourceOf } from "./installed.ts"

/** The longest duration of an installation, in milliseconds. */
const limit = 180_000

/**
 * Installs Better Auth into the user's cache folder, once. It is not a development dependency: a newcomer's `npm ci` would
 * install it too. Installed beside the target and then renamed, so that an interrupted installation leaves nothing there.
 */
export const installBetterAuth = (): void => {
  const target = installedFolder()
  if (existsSync(target)) return
  process.stderr.write(`Installing Better Auth once, into ${target}\n`)
  mkdirSync(dirname(target), { recursive: true })
  const scratch = mkdtempSync(`${target}-`)
  try {
    for (const file of manifests) copyFileSync(sourceOf(file), join(scratch, file))
    // npm may be a script of a shell, and has the path of itself for its children.
    const npm = process.env.npm_execpath
    const [command, args] = npm === undefined ? ["npm", ["ci"]] : [process.execPath, [npm, "ci"]]
    const run = spawnSync(command, [...args, "--ignore-scripts"], { cwd: scratch, stdio: "inherit", timeout: limit })
    if (run.status !== 0) throw new Error(`npm ci of Better Auth failed (exit code ${run.status})`)
    if (!existsSync(target)) renameSync(scratch, target)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
