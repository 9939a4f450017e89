/** The entries of both packages. */
import { readFileSync } from "node:fs"

const root = new URL("../", import.meta.url)

const entriesOf = (folder) => {
  const { name, exports } = JSON.parse(readFileSync(new URL(`${folder}package.json`, root), "utf8"))
  return Object.entries(exports).flatMap(([entry, { "latchkey-source": source }]) =>
    // It declares a member of Express for a whole program, and exports nothing.
    source === undefined || entry === "./guard/express-global" ? [] : [[folder + source.slice(2), name + entry.slice(1)]],
  )
}

/** The names that programs import, such as `latchkey/ory`, by the path of their source from the root. */
export const entries = new Map([...entriesOf(""), ...entriesOf("packages/testing/")])
