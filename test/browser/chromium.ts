/** Starts one Chromium for all tests of this folder, or says why there is none. */
import { type BrowserServer, chromium } from "playwright-core"
import type { TestProject } from "vitest/node"
import { findChromium } from "./find-chromium.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** The address of the running Chromium; empty without one. */
    readonly chromium: string
  }
}

const launch = (executablePath: string): Promise<BrowserServer> =>
  // Chromium has no sandbox for root, and none in most containers of CI.
  chromium.launchServer({ executablePath, chromiumSandbox: process.getuid?.() !== 0 && process.env.CI === undefined })

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
