/** Finds Chromium on this machine. */
import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"

const names = ["chromium", "chromium-browser", "google-chrome"]

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Returns the path of the executable: from `LATCHKEY_CHROMIUM`, or in the folders of `PATH`. */
export const findChromium = (): string | undefined => {
  const folders = (process.env.PATH ?? "").split(delimiter)
  const given = process.env.LATCHKEY_CHROMIUM
  return given ?? names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}
