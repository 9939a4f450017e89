/**
 * Measures what a guarded server answers while the vendor is down, once with refused connections and once with hanging
 * ones, and what other packages answer. It fails if latchkey misses a goal.
 *
 * With `--quick`, the outages are short.
 */
import { type Found, outage, startedDuring } from "./outage/run.ts"

const sizes = process.argv.includes("--quick") ? { rate: 200, seconds: 6 } : { rate: 500, seconds: 60 }

let missed = 0
const show = (found: Found): void => {
  console.log(`${found.missed.length === 0 ? "ok    " : "MISSED"} ${found.title}`)
  for (const line of [...found.lines, ...found.missed.map((goal) => `missed: ${goal}`)]) console.log(`       ${line}`)
  missed += found.missed.length
}

for (const how of ["refused", "hanging"] as const) {
  show(await outage(how, sizes))
  for (const found of await startedDuring(how, 20)) show(found)
}
console.log(`${missed} goals missed`)
process.exit(missed === 0 ? 0 : 1)
