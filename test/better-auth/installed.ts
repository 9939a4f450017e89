import { createHash } from "node:crypto"
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { isAbsolute, join } from "node:path"
import { fileURLToPath } from "node:url"

/** The folder of the server: its manifest, its lock file and its one source file. */
const source = fileURLToPath(new URL("./server", import.meta.url))

/** The files from which npm installs. */
export const manifests: ReadonlyArray<string> = ["package.json", "package-lock.json", ".npmrc"]

export const sourceOf = (file: string): string => join(source, file)

/** The path of the server's module, or one line with the reason why there is none and what to do. */
export type Installed = { readonly module: string } | { readonly missing: string }

const hashOf = (files: ReadonlyArray<string>): string => {
  const hash = createHash("sha256")
  for (const file of files) hash.update(readFileSync(sourceOf(file)))
  return hash.digest("hex").slice(0, 12)
}

/** The folder of the installation: outside the repository, with a hash of the manifests in its name. */
export const installedFolder = (env: NodeJS.ProcessEnv = process.env): string => {
  const cache = env.XDG_CACHE_HOME
  const root = cache && isAbsolute(cache) ? cache : join(homedir(), ".cache")
  return join(root, "latchkey", `better-auth-${hashOf(manifests)}`)
}

/** Finds the installed server. `npm run test:better-auth` installs it. */
export const installedBetterAuth = (env: NodeJS.ProcessEnv = process.env): Installed => {
  if (env.LATCHKEY_BETTER_AUTH === "off")
    return { missing: "LATCHKEY_BETTER_AUTH=off; unset it to run the tests on a real Better Auth" }
  const folder = installedFolder(env)
  return existsSync(folder)
    ? { module: moduleIn(folder) }
    : { missing: 'not installed: "npm run test:better-auth" installs it once, 24 packages in your cache folder' }
}

/** Puts the server's source beside its packages. Renamed, so that nobody loads a half of it. */
const moduleIn = (folder: string): string => {
  const module = join(folder, `server-${hashOf(["server.js"])}.js`)
  if (!existsSync(module)) {
    const scratch = `${module}.${process.pid}`
    writeFileSync(scratch, readFileSync(sourceOf("server.js")))
    renameSync(scratch, module)
  }
  return module
}
