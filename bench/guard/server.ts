/** The measured process: a server of one framework behind one guard. It answers each message with its processor time. */
import type { Setting } from "./job.ts"
import type { Serve } from "./peer.ts"

const [name = ""] = process.argv.slice(2)
const [framework, guard = ""] = name.split("/")

process.once("message", async (setting: Setting) => {
  const { serve }: { serve: Serve } = await import(`./frameworks/${framework}.ts`)
  const port = await serve(guard, setting)
  process.on("message", () => {
    const { user, system } = process.cpuUsage()
    process.send?.(user + system)
  })
  process.send?.(port)
})
process.on("disconnect", () => process.exit(0))
