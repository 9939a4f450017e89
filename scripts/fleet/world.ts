/** A vendor that counts, and the processes of a fleet. */
import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import type { Order } from "./orders.ts"

/** A vendor on loopback that counts introspections, and ends what is revoked. */
export const startVendor = async () => {
  const ended = new Set<string>()
  let introspections = 0
  const server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const token = new URLSearchParams(Buffer.concat(chunks).toString()).get("token") ?? ""
      response.setHeader("content-type", "application/json")
      if (request.url === "/revoke") ended.add(token)
      else introspections += 1
      const [sub, client_id] = token.split("/")
      const exp = Math.floor(Date.now() / 1000) + 3600
      const state = ended.has(token)
        ? { active: false }
        : { active: true, token_use: "access_token", sub, client_id, exp }
      setTimeout(() => response.end(JSON.stringify(state)), request.url === "/revoke" ? 0 : 5)
    })
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  return {
    issuer: `http://127.0.0.1:${port}`,
    count: () => introspections,
    close: () => server.close(),
  }
}

export interface Member {
  readonly ask: <A>(order: Order) => Promise<A>
  readonly end: () => Promise<void>
}

/** Starts a process of the fleet. */
export const startMember = async (settings: object): Promise<Member> => {
  const child: ChildProcess = fork(join(import.meta.dirname, "process.ts"), [JSON.stringify(settings)], {
    execArgv: ["--conditions=latchkey-source"],
  })
  await once(child, "message")
  return {
    ask: async <A>(order: Order) => {
      child.send(order)
      const [report] = await once(child, "message")
      return report as A
    },
    end: async () => {
      child.send({ kind: "end" } satisfies Order)
      await once(child, "exit")
    },
  }
}
