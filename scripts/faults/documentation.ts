import type { Fault } from "./fault.ts"

const tables = "test/docs/tables.test.ts"
const site = "test/docs/site.test.ts"
const browser = "test/browser/site.test.ts"

/** Faults in the documentation, and in what holds it to the sources. */
export const documentationFaults: ReadonlyArray<Fault> = [
  {
    name: "a page shows an old version of an example",
    file: "docs/guide/protect-a-route.md",
    find: 'app.use("/admin", protect({ scopes: ["admin"] }))\n  app.get',
    replace: 'app.use("/admin", protect())\n  app.get',
    tests: [tables],
  },
  {
    name: "the table of members does not tell that a member is required",
    file: "scripts/configuration-table.ts",
    find: '  if (isRequired(schema)) return "required"\n',
    replace: "",
    tests: [tables],
  },
  {
    name: "the page of errors says that a call may be repeated after a wrong secret",
    file: "docs/guide/errors.md",
    find: "(`clientAuth`). **Acts:** the operator. **Retry:** no.",
    replace: "(`clientAuth`). **Acts:** the operator. **Retry:** yes.",
    tests: ["test/docs/errors.test.ts"],
  },
  {
    name: "a link of the site to a heading that does not exist is not noticed",
    file: "scripts/docs/links.ts",
    find: "anchors.get(file)?.has(decodeURIComponent(hash)) === true",
    replace: "anchors.has(file)",
    tests: [site],
  },
  {
    name: "a link of a page to a heading that does not exist is not noticed",
    file: "docs/guide/README.md",
    find: "(three-ways.md)",
    replace: "(three-ways.md#four-ways)",
    tests: ["test/docs/links.test.ts"],
  },
  {
    name: "the site keeps comments of the pages",
    file: "scripts/docs/pages.ts",
    find: '.replace(/<!--[\\s\\S]*?-->\\n?/g, "")',
    replace: "",
    tests: [site],
  },
  {
    name: "a page that is too wide for a telephone is not noticed",
    file: "scripts/docs/look.ts",
    find: "  for (const size of [wide, narrow]) {",
    replace: "  for (const size of [wide]) {",
    tests: [browser],
  },
  {
    name: "a token without a listed issuer goes to the first vendor",
    file: "examples/two-vendors.ts",
    find: "?? others).introspect",
    replace: "?? Array.from(clients.values())[0] ?? others).introspect",
    tests: ["test/docs/two-vendors.test.ts"],
  },
]
