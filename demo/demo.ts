/**
 * Runs one program against every vendor's emulator, and prints the results side by side, or with `--json` as JSON. With
 * `--serve` it serves a page on loopback instead; `--port N` chooses its port.
 */
import { createAuth } from "latchkey"
import { apiSteps } from "./api-steps.ts"
import { startBackends } from "./backends.ts"
import { program, type Step } from "./program.ts"
import { readArguments, usage } from "./read-arguments.ts"
import { serve } from "./serve.ts"

const runAll = async (): Promise<ReadonlyArray<Readonly<Record<string, string>>>> => {
  const columns: Array<{ readonly vendor: string; readonly steps: ReadonlyArray<Step> }> = []
  for (const [vendor, backend] of await startBackends()) {
    await using auth = createAuth(backend.config)
    await using uncached = createAuth({ ...backend.config, cache: false, retry: false })
    const steps = [...(await program(auth, backend.signIn, backend)), ...(await apiSteps(uncached, backend))]
    columns.push({ vendor, steps })
    await backend.close()
  }
  return (columns[0]?.steps ?? []).map(({ operation }, index) => ({
    operation,
    ...Object.fromEntries(columns.map(({ vendor, steps }) => [vendor, steps[index]?.result ?? ""])),
  }))
}

const printTable = (rows: ReadonlyArray<Readonly<Record<string, string>>>): void => {
  const cells = [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))]
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)))
  for (const line of cells)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
}

const chosen = readArguments(process.argv.slice(2))
if (chosen === undefined) {
  console.error(usage)
  process.exitCode = 1
} else if (chosen.serve) await serve(chosen.port)
else {
  const rows = await runAll()
  if (chosen.json) console.log(JSON.stringify(rows, null, 2))
  else {
    printTable(rows)
    // Not a part of the results.
    console.error("\nnpm run demo -- --serve: log in at each vendor in your browser, and take it down.")
  }
}
