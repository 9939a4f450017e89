/** A vendor that counts, and the processes of a fleet. */
import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import type { Order } from "./orders.ts"

/** A vendor on loopback that counts introspections, and ends what is revoked. `delay`: of an answer, in milliseconds. */
export const startVendor = async (delay = 5) => {
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
      const answer = () => response.end(JSON.stringify(state))
      if (delay === 0 || request.url === "/revoke") answer()
      else setTimeout(answer, delay)
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

export interface MemberSettings {
  readonly port: number
  readonly issuer: string
  readonly maxAge: `${number} seconds`
  /** Whether it has no fleet. */
  readonly isAlone?: boolean
  /** Whether its subscription loses every message. */
  readonly losesNews?: boolean
}

/** Starts a process of the fleet. It is ready when its connection is. */
export const startMember = async (settings: MemberSettings): Promise<Member> => {
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

export const tokensOf = (kind: string, count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => `u${index}/c/${kind}`)

export const pause = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, millis))
