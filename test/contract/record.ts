/** Records the HTTP exchanges of a contract run, for `npm run operations`. */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Exchange } from "@latchkey/testing/contract"

/** Writes a backend's exchanges to the folder in `LATCHKEY_RECORD`, if it is set. */
export const record =
  (vendor: string, backend: string) =>
  (exchanges: ReadonlyArray<Exchange>): void => {
    const folder = process.env.LATCHKEY_RECORD
    if (folder === undefined || folder === "") return
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `${backend.replace(/\W+/g, "-")}.json`), JSON.stringify({ vendor, backend, exchanges }))
  }
