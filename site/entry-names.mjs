/** A plugin of TypeDoc: gives each module the name that programs import, such as `latchkey/ory`. */
import { readFileSync } from "node:fs"
import { Converter } from "typedoc"

const root = new URL("../", import.meta.url)

/** The entries of a package, by the path of their source from the root. */
const entriesOf = (folder) => {
  const { name, exports } = JSON.parse(readFileSync(new URL(`${folder}package.json`, root), "utf8"))
  return Object.entries(exports).flatMap(([entry, { "latchkey-source": source }]) =>
    source === undefined ? [] : [[folder + source.slice(2), name + entry.slice(1)]],
  )
}

const names = new Map([...entriesOf(""), ...entriesOf("packages/testing/")])

export const load = (app) => {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) {
      const file = module.sources?.[0]?.fullFileName
      const name = [...names].find(([source]) => file?.endsWith(`/${source}`))?.[1]
      if (name === undefined) throw new Error(`${file} is no entry of a package`)
      module.name = name
    }
  })
  // Lines of sources are of no use to a reader of the site, and some are in other packages.
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const reflection of Object.values(project.reflections)) {
      delete reflection.sources
      for (const signature of reflection.getAllSignatures?.() ?? []) delete signature.sources
    }
  })
}
