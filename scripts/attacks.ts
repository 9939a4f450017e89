/**
 * Attacks latchkey as a stranger would, over real sockets, and prints what became of the calls of good callers. It fails if
 * one row is not as wanted.
 *
 * With `--short`, it runs one mixed flood and one outage.
 */
import { type Flood, flood, type Kind } from "./attacks/flood.ts"
import { others, outage } from "./attacks/others.ts"
import type { Row } from "./attacks/world.ts"

const isShort = process.argv.includes("--short")
const kinds: ReadonlyArray<Kind> = ["status-500", "reset", "hang"]

const floods: ReadonlyArray<Flood> = [0.5, 2, 20, 550].flatMap((good) =>
  [10, 1500].flatMap((evil) => kinds.map((kind) => ({ good, evil, kinds: [kind], seconds: good < 1 ? 8 : 6 }))),
)

const runs: ReadonlyArray<() => Promise<Row>> = isShort
  ? [() => flood({ good: 20, evil: 300, kinds, seconds: 4 }), outage]
  : [...floods.map((each) => () => flood(each)), outage, ...others]

const rows: Array<Row> = []
for (const run of runs) {
  const row = await run()
  rows.push(row)
  console.log(`${row.ok ? "ok    " : "FAILED"} ${row.attack}: ${row.found} (wanted: ${row.wanted})`)
}
const failed = rows.filter(({ ok }) => !ok).length
console.log(`${rows.length} attacks, ${failed} not as wanted`)
process.exitCode = failed === 0 ? 0 : 1
