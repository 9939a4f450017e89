/** Keeping what a contract run put on the wire, for `npm run operations`. */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Exchange } from "@latchkey/testing/contract"

/** Writes a backend's exchanges into the folder that `LATCHKEY_RECORD` names, if any. */
export const record =
  (vendor: string, backend: string) =>
  (exchanges: ReadonlyArray<Exchange>): void => {
    const folder = process.env.LATCHKEY_RECORD
    if (folder === undefined || folder === "") return
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `${backend.replace(/\W+/g, "-")}.json`), JSON.stringify({ vendor, backend, exchanges }))
  }
