/**
 * Bundles the code that the entries share into a few files of `dist`, and the used parts of zod into one (decision
 * 0019), because loading two hundred small files takes a quarter of a cold start. Other files and types stay unchanged.
 */
import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"

const dist = fileURLToPath(new URL("../dist/", import.meta.url))
const { exports, imports } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"))
const zodLicence = await readFile(new URL("../node_modules/zod/LICENSE", import.meta.url), "utf8")

/** Gives the files under `dist` that a package manifest names at any depth, without their extension. */
const entries = (named: unknown): ReadonlyArray<string> =>
  typeof named === "string"
    ? Array.from(/^\.\/dist\/(.*)\.js$/.exec(named)?.slice(1) ?? [])
    : Object.values(Object(named)).flatMap(entries)

const bundle = await rolldown({
  input: Object.fromEntries([...entries(exports), ...entries(imports)].map((name) => [name, `${dist}${name}.js`])),
  external: (id) => id !== "zod" && !id.startsWith(".") && !id.startsWith("/"),
  platform: "node",
})
await bundle.write({
  dir: dist,
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "shared/[name]-[hash].js",
  codeSplitting: { groups: [{ name: "zod", test: /node_modules\/zod\// }] },
  banner: ({ name }) => (name === "zod" ? `/*!\nzod\n\n${zodLicence}*/` : ""),
  sourcemap: true,
})
await bundle.close()
