/** Serves the demo's page until the process is interrupted. */
import { once } from "node:events"
import { startSite } from "./site/start-site.ts"

/** @param port 0 for a free port */
export const serve = async (port: number): Promise<void> => {
  const site = await startSite(port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE" && error.code !== "EACCES") throw error
    const why = error.code === "EACCES" ? "needs more rights" : "is in use"
    console.error(`Port ${port} ${why}. Give another one with --port, or leave --port out for a free one.`)
    process.exitCode = 1
    return undefined
  })
  if (site === undefined) return
  console.log(`The demo is at ${site.url} (Ctrl+C ends it)`)
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")])
  await site.close()
}
