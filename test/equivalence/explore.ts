import { startVendors } from "./vendors.ts"
import { answers } from "./answers.ts"
import { outcomes } from "./outcomes.ts"
const vs = await startVendors()
const all = []
for (const v of vs) { all.push({ ...(await answers(v)), ...(await outcomes(v)) }); await v.close() }
const names = new Set(all.flatMap((x) => Object.keys(x)))
console.log(names.size)
for (const n of names) { const vals = all.map((a) => a[n] ?? "absent"); if (new Set(vals).size > 1) console.log("DIFF", n, vals); else console.log("  same", n, vals[0]) }
