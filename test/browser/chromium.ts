/** Starts one Chromium for all tests of this folder, or says why there is none. */
import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"
import { type BrowserServer, chromium } from "playwright-core"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  interface ProvidedContext {
    /** The address of the running Chromium; empty without one. */
    readonly chromium: string
  }
}

const names = ["chromium", "chromium-browser", "google-chrome"]

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Returns the path of Chromium. */
export const findChromium = (): string | undefined => {
  const folders = (process.env.PATH ?? "").split(delimiter)
  const given = process.env.LATCHKEY_CHROMIUM
  return given ?? names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

/** Chromium has no sandbox for root, and none in most containers of CI. */
export const chromiumSandbox = process.getuid?.() !== 0 && process.env.CI === undefined

const launch = (executablePath: string): Promise<BrowserServer> =>
  chromium.launchServer({ executablePath, chromiumSandbox })

const missing = "no Chromium: install the package chromium, or set LATCHKEY_CHROMIUM to an executable"

export const setup = async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  const executable = findChromium()
  if (executable === undefined) {
    if (process.env.LATCHKEY_REQUIRE_CHROMIUM === "1") throw new Error(missing)
    console.log(`The tests in a browser are skipped: ${missing}`)
    project.provide("chromium", "")
    return undefined
  }
  const server = await launch(executable)
  project.provide("chromium", server.wsEndpoint())
  return () => server.close()
}
