/** The settings of TypeDoc: the API reference has every entry that a program can import. */
import { entries } from "./entries.mjs"

export default {
  entryPoints: [...entries.keys()].map((source) => `../${source}`),
  tsconfig: "tsconfig.json",
  plugin: [
    "typedoc-plugin-markdown",
    "./entry-names.mjs"
  ],
  out: ".generated/api",
  readme: "none",
  name: "latchkey",
  router: "module",
  entryFileName: "index",
  hideBreadcrumbs: true,
  hidePageHeader: true,
  excludePrivate: true,
  excludeInternal: true,
  excludeExternals: true,
  useCodeBlocks: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  typeDeclarationFormat: "table",
  enumMembersFormat: "table",
  githubPages: false,
}
