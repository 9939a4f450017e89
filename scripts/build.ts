/**
 * Builds both packages into their `dist`.
 *
 * The compiler writes one file for each source. The code that the entries share is then bundled into a few files, and the
 * used parts of zod into one (decision 0019), because loading two hundred small files takes a quarter of a cold start.
 * Files that no export reaches are deleted.
 */
import { spawnSync } from "node:child_process"
import { globSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { rolldown } from "rolldown"
import { filesIn, manifestOf, reachedFiles } from "./package-files.ts"

const root = join(import.meta.dirname, "..")

const compile = (folder: string): void => {
  rmSync(join(folder, "dist"), { recursive: true, force: true })
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc")
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: folder, stdio: "inherit" })
  if (status !== 0) throw new Error(`the compiler failed in ${folder}`)
}

const isRelative = (id: string): boolean => id.startsWith(".") || id.startsWith("/")

/** Bundles the entries. Modules that `isBundled` accepts are included; every other package stays an import. */
const bundle = async (folder: string, isBundled: (id: string) => boolean, banner: string): Promise<void> => {
  const dist = join(folder, "dist")
  const { exports, imports } = manifestOf(folder)
  const entries = [...filesIn(exports), ...filesIn(imports)].filter((file) => file.endsWith(".js"))
  const bundled = await rolldown({
    input: Object.fromEntries(entries.map((file) => [file.slice("dist/".length, -".js".length), join(folder, file)])),
    external: (id) => !isBundled(id) && !isRelative(id),
    platform: "node",
  })
  await bundled.write({
    dir: dist,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "shared/[name]-[hash].js",
    codeSplitting: { groups: [{ name: "zod", test: /node_modules\/zod\// }] },
    banner: ({ name }) => (name === "zod" ? banner : ""),
    sourcemap: true,
  })
  await bundled.close()
}

const prune = (folder: string): void => {
  const reached = reachedFiles(folder)
  for (const file of globSync("dist/**/*.*", { cwd: folder })) if (!reached.has(file)) rmSync(join(folder, file))
}

const zodLicence = readFileSync(join(root, "node_modules", "zod", "LICENSE"), "utf8")
const testing = join(root, "packages", "testing")

compile(root)
await bundle(root, (id) => id === "zod", `/*!\nzod\n\n${zodLicence}*/`)
prune(root)

compile(testing)
await bundle(testing, () => false, "")
prune(testing)
