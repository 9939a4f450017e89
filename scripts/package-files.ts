/** The files of a package that its exports and imports reach. */
import { readFileSync } from "node:fs"
import { posix } from "node:path"

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly imports?: Readonly<Record<string, unknown>>
}

export const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(posix.join(folder, "package.json"), "utf8")) as Manifest

/** Returns the files in `dist` that a part of a manifest names, at any depth. */
export const filesIn = (named: unknown): ReadonlyArray<string> =>
  typeof named === "string"
    ? named.startsWith("./dist/")
      ? [named.slice(2)]
      : []
    : Object.values(Object(named)).flatMap(filesIn)

/** Relative imports, type references and source maps in the text of a `.js` or `.d.ts` file. */
const references = [
  /\bfrom\s*["'](\.{1,2}\/[^"']+)["']/g,
  /\bimport\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g,
  /\/\/\/\s*<reference path="([^"]+)"/g,
  /\/\/# sourceMappingURL=(\S+\.map)/g,
]

/** In types, a relative import of `x.js` or `x.ts` means `x.d.ts`. */
const targetOf = (file: string, path: string): string => {
  const target = posix.join(posix.dirname(file), path)
  return file.endsWith(".d.ts") ? target.replace(/(?<!\.d)\.[jt]s$/, ".d.ts") : target
}

/** Returns the given files and everything that they reach, as paths in the package. */
export const reachedFrom = (folder: string, files: ReadonlyArray<string>): ReadonlySet<string> => {
  const reached = new Set(files)
  for (const file of reached) {
    if (!/\.(js|d\.ts)$/.test(file)) continue
    const text = readFileSync(posix.join(folder, file), "utf8")
    for (const pattern of references)
      for (const [, path = ""] of text.matchAll(pattern)) reached.add(targetOf(file, path))
  }
  return reached
}

/** Returns every file that the exports and imports of a package reach. */
export const reachedFiles = (folder: string): ReadonlySet<string> => {
  const { exports, imports } = manifestOf(folder)
  return reachedFrom(folder, [...filesIn(exports), ...filesIn(imports)])
}

/** Returns the bytes of code that an entry loads from its own package, without maps. */
export const codeSize = (folder: string, entry: string): number => {
  const { exports, imports } = manifestOf(folder)
  const isCode = (file: string) => file.endsWith(".js")
  // The platform's code is loaded with every entry that makes a transport or verifies signatures.
  const entries = [...filesIn(exports[entry]), ...filesIn(imports).filter((file) => !/fetch|webcrypto/.test(file))]
  const files = [...reachedFrom(folder, entries.filter(isCode))].filter(isCode)
  return files.reduce((sum, file) => sum + readFileSync(posix.join(folder, file)).length, 0)
}
