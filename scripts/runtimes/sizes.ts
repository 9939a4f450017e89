/** The sizes of each entry of the package when it is bundled for Node. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { brotliCompressSync } from "node:zlib"

/** The sizes of one entry, in KiB. */
export interface EntrySize {
  readonly entry: string
  readonly whole: number
  readonly withoutEffect: number
  /** Of the whole bundle, compressed with Brotli. */
  readonly compressed: number
}

/** How much a size may differ from the table before the table is out of date. */
const tolerance = 0.03

/** Bundles each entry in a folder in which the package is installed. `esbuild`: runs it with arguments. */
export const measureSizes = async (
  folder: string,
  esbuild: (...args: ReadonlyArray<string>) => Promise<unknown>,
): Promise<ReadonlyArray<EntrySize>> => {
  const manifest = JSON.parse(readFileSync(join(folder, "node_modules", "latchkey", "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, unknown>>
  }
  const sizes: Array<EntrySize> = []
  for (const entry of Object.keys(manifest.exports).filter((each) => each !== "./package.json")) {
    const name = `latchkey${entry.slice(1)}`
    writeFileSync(join(folder, "entry.mjs"), `export * from ${JSON.stringify(name)}\n`)
    const options = ["entry.mjs", "--bundle", "--minify", "--format=esm", "--platform=node", "--outfile=entry.out.mjs"]
    const bundled = async (...more: ReadonlyArray<string>) => {
      await esbuild(...options, ...more)
      return readFileSync(join(folder, "entry.out.mjs"))
    }
    const whole = await bundled()
    const withoutEffect = await bundled("--external:effect", "--external:effect/*")
    sizes.push({
      entry: name,
      whole: inKiB(whole),
      withoutEffect: inKiB(withoutEffect),
      compressed: inKiB(brotliCompressSync(whole)),
    })
  }
  return sizes
}

const inKiB = ({ length }: Buffer): number => Math.round(length / 1024)

export const sizeTable = (sizes: ReadonlyArray<EntrySize>): string =>
  [
    "| entry | KiB | without effect | KiB with Brotli |",
    "| --- | --- | --- | --- |",
    ...sizes.map(
      ({ entry, whole, withoutEffect, compressed }) => `| \`${entry}\` | ${whole} | ${withoutEffect} | ${compressed} |`,
    ),
  ].join("\n")

/** Whether a table has the same entries, and sizes that differ by the tolerance at most. */
export const isCurrent = (table: string, sizes: ReadonlyArray<EntrySize>): boolean => {
  const found = table.split("\n").slice(2).map(cellsOf)
  const expected = sizeTable(sizes).split("\n").slice(2).map(cellsOf)
  return (
    found.length === expected.length &&
    expected.every(([entry, ...numbers], row) => {
      const [otherEntry, ...others] = found[row] ?? []
      return entry === otherEntry && numbers.every((each, at) => isNear(Number(others[at]), Number(each)))
    })
  )
}

const cellsOf = (row: string): ReadonlyArray<string> =>
  row
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim())

const isNear = (found: number, expected: number): boolean => Math.abs(found - expected) <= expected * tolerance
