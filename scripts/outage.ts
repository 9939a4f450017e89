/**
 * Measures what a guarded server answers while the vendor is down, once with refused connections and once with hanging
 * ones, and what other packages answer. It fails if latchkey misses a goal.
 *
 * With `--quick`, the outages are short. With `--short`, they last two seconds, and the other packages are left out.
 */
import { type Found, outage, startedDuring } from "./outage/run.ts"

const isShort = process.argv.includes("--short")
const isQuick = process.argv.includes("--quick")
const sizes = isShort ? { rate: 50, seconds: 2 } : isQuick ? { rate: 200, seconds: 6 } : { rate: 500, seconds: 60 }

let missed = 0
const show = (found: Found): void => {
  console.log(`${found.missed.length === 0 ? "ok    " : "MISSED"} ${found.title}`)
  for (const line of [...found.lines, ...found.missed.map((goal) => `missed: ${goal}`)]) console.log(`       ${line}`)
  missed += found.missed.length
}

for (const how of ["refused", "hanging"] as const) {
  show(await outage(how, sizes))
  for (const found of await startedDuring(how, 20, isShort ? ["latchkey"] : undefined)) show(found)
}
console.log(`${missed} goals missed`)
process.exit(missed === 0 ? 0 : 1)
