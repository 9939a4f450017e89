/** A plugin of TypeDoc: gives each module the name that programs import, such as `latchkey/ory`. */
import { Converter } from "typedoc"
import { entries } from "./entries.mjs"

export const load = (app) => {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) {
      const file = module.sources?.[0]?.fullFileName
      const name = [...entries].find(([source]) => file?.endsWith(`/${source}`))?.[1]
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
