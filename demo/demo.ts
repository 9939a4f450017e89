/** Runs one program against every vendor's emulator, and prints the results side by side, or with `--json` as JSON. */
import { createAuth } from "latchkey"
import { startBackends } from "./backends.ts"
import { program, type Step } from "./program.ts"

const backends = await startBackends()
const columns: Array<{ readonly vendor: string; readonly steps: ReadonlyArray<Step> }> = []
for (const { config, name = config.provider, signIn, close, ...settings } of backends) {
  const auth = createAuth(config)
  columns.push({ vendor: name, steps: await program(auth, signIn, settings) })
  await auth.close()
  await close()
}

const rows = (columns[0]?.steps ?? []).map(({ operation }, index) => ({
  operation,
  ...Object.fromEntries(columns.map(({ vendor, steps }) => [vendor, steps[index]?.result ?? ""])),
}))

if (process.argv.includes("--json")) console.log(JSON.stringify(rows, null, 2))
else {
  const headings = ["operation", ...columns.map(({ vendor }) => vendor)]
  const cells = [headings, ...rows.map((row) => Object.values(row) as Array<string>)]
  const widths = headings.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)))
  for (const line of cells)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
}
