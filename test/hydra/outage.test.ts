import { connect, createServer, type Socket } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { createAuth } from "latchkey"
import { describe, expect, it } from "vitest"
import { hydraBinary } from "./build.ts"
import { startHydra } from "./start.ts"

const binary = await hydraBinary()

/** A port in front of a server, which can be closed for a while. */
const gateTo = async (target: string) => {
  const sockets = new Set<Socket>()
  let isOpen = true
  const server = createServer((socket) => {
    if (!isOpen) return socket.destroy()
    const onward = connect(Number(new URL(target).port), "127.0.0.1")
    for (const each of [socket, onward]) {
      sockets.add(each)
      each.on("error", () => undefined).on("close", () => sockets.delete(each))
    }
    return socket.pipe(onward).pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    set: (open: boolean): void => {
      isOpen = open
      if (!open) for (const socket of sockets) socket.destroy()
    },
    close: (): void => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

describe.skipIf("missing" in binary)("an outage of 0.75 s of a real Hydra", () => {
  it("is over for 64 callers that ask live within a second and a half of its end", async () => {
    await using hydra = await startHydra()
    const gate = await gateTo(hydra.adminUrl)
    const auth = createAuth({
      provider: "ory",
      publicUrl: hydra.publicUrl,
      adminUrl: gate.url,
      insecureOrigins: [hydra.publicUrl, gate.url],
      clientId: "app",
      clientSecret: "a secret of ours",
      log: () => undefined,
    })
    let [lastFailureAt, isOver, answered] = [0, false, 0]
    const caller = async (number: number): Promise<void> => {
      for (let call = 0; !isOver; call++) {
        await auth.introspect(`ory_at_${number}.${call}`, { freshness: "live" }).then(
          () => {
            answered += 1
          },
          () => {
            lastFailureAt = performance.now()
          },
        )
        await sleep(10)
      }
    }
    const callers = Array.from({ length: 64 }, (_, number) => caller(number))
    await sleep(500)
    gate.set(false)
    await sleep(750)
    gate.set(true)
    const readyAt = performance.now()
    await sleep(2500)
    isOver = true
    await Promise.all(callers)
    await auth.close()
    gate.close()
    expect(answered).toBeGreaterThan(64)
    expect(lastFailureAt).toBeGreaterThan(0)
    expect(lastFailureAt - readyAt).toBeLessThan(1500)
  })
})
