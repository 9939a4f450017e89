/** Folders in the user's cache that are made once. */
import { randomUUID } from "node:crypto"
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { homedir } from "node:os"
import { isAbsolute, join } from "node:path"

/** The folder of this project in the user's cache. */
export const cacheFolder = (env: NodeJS.ProcessEnv): string => {
  const cache = env.XDG_CACHE_HOME
  return join(cache && isAbsolute(cache) ? cache : join(homedir(), ".cache"), "latchkey")
}

/** Returns the folder that `madeOnce` has made, or `undefined`. */
export const made = async (folder: string): Promise<string | undefined> => {
  const name = await readFile(pointerOf(folder), "utf8").catch(() => undefined)
  return name === undefined ? undefined : join(folder, name)
}

/**
 * Makes the content of a folder, unless it is made already, and returns where it is. It is made at its final path, because
 * some of the files hold absolute paths, and named last, so that nobody uses what is half made.
 */
export const madeOnce = async (folder: string, make: (at: string) => Promise<void>): Promise<string> => {
  const existing = await made(folder)
  if (existing !== undefined) return existing
  const name = randomUUID()
  const at = join(folder, name)
  await mkdir(at, { recursive: true })
  try {
    await make(at)
  } catch (error) {
    await rm(at, { recursive: true, force: true })
    throw error
  }
  await writeFile(`${at}.name`, name)
  await rename(`${at}.name`, pointerOf(folder))
  return at
}

/** The file that names the finished folder. */
const pointerOf = (folder: string): string => join(folder, "current")
