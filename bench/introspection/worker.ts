/**
 * The measured process: loads one peer, reports its first result, then measures on request. Modules for the measurement
 * are loaded after the first result, so that they are not part of the cold start.
 */
import type { Sizes } from "./measurement.ts"
import type { Make } from "./peer.ts"

const [name = "", url = ""] = process.argv.slice(2)
const { make }: { make: Make } = await import(`./peers/${name}.ts`)
const peer = await make(url)

let calls = 0
const tokenStart = `ory_at_${"Zk3vQ8xW1c".repeat(7)}${process.pid.toString(36)}.`
const call = async () => {
  calls++
  const answer = await peer.call(tokenStart + calls.toString(36).padStart(8, "0"))
  if (answer.active !== true) throw new Error(`${name} answered ${JSON.stringify(answer)}`)
}

await call()
process.send?.({ kind: "first" })

process.once("message", async (sizes: Sizes) => {
  const { measure } = await import("./load.ts")
  const load = await measure(call, url, sizes)
  await peer.close()
  process.send?.({ kind: "measured", load }, () => process.disconnect())
})
