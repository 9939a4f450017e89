/** What a hit costs: in the local cache with and without a fleet, and in the fleet against a request on loopback. */
import { fork } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import type { Costs } from "./costs-process.ts"
import type { Table } from "./table.ts"
import { startVendor } from "./world.ts"

/** Measures in a process of its own, in which nothing else runs. The vendor answers at once. */
export const measureCosts = async (port: number, table: Table, isQuick: boolean): Promise<void> => {
  const vendor = await startVendor(0)
  const settings = { port, issuer: vendor.issuer, rounds: isQuick ? 11 : 61, tokens: isQuick ? 200 : 1000 }
  const child = fork(join(import.meta.dirname, "costs-process.ts"), [JSON.stringify(settings)], {
    execArgv: ["--conditions=latchkey-source"],
  })
  const [costs]: [Costs] = (await once(child, "message")) as [Costs]
  await once(child, "exit")
  vendor.close()
  table.count("commands to the server in the local hits below", costs.commands, 0)
  table.figure("local hit with a fleet, processor time", costs.localHit, "us")
  table.figure("local hit with a fleet / without, processor time", costs.ratio, "", 1.05)
  table.figure("p50 of a hit in the fleet", costs.fleetHit, "ms")
  table.figure("p50 of a request to a vendor on loopback", costs.request, "ms")
}
