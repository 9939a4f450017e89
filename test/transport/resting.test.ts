import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { makeTransport } from "../../src/adapters/transport/undici.ts"
import { open } from "./doors.ts"

/** Long enough for whatever the server still says to have come, while this thread can look at none of it. */
const busy = (): void => {
  const until = performance.now() + 15
  while (performance.now() < until);
}

describe("a connection that has just answered", () => {
  let worker: Worker
  let url: string
  beforeAll(async () => {
    worker = new Worker(new URL("./stray-server.ts", import.meta.url))
    const [port] = await once(worker, "message")
    url = `http://127.0.0.1:${port}`
  })
  afterAll(() => worker.terminate())

  it("never gives the next caller what nobody asked for", async () => {
    await using door = open(makeTransport, url)
    for (let count = 0; count < 5; count++) {
      await door.ask(`${url}/twice`)
      busy()
      expect(await door.ask(`${url}/next`)).toMatchObject({ body: "/next" })
    }
  })

  it("never gives it to who has waited for the connection either", async () => {
    await using door = open(makeTransport, url)
    for (let count = 1; count < 128; count++) door.start(`${url}/hang`, { timeout: 60_000 })
    for (let count = 0; count < 5; count++) {
      const first = door.ask(`${url}/twice`).then(busy)
      const waited = door.ask(`${url}/next`)
      await first
      expect(await waited).toMatchObject({ body: "/next" })
    }
  })

  it("is opened again where the server has ended it without a word", async () => {
    await using door = open(makeTransport, url)
    for (let count = 0; count < 5; count++) {
      await door.ask(`${url}/ends`)
      busy()
      expect(await door.ask(`${url}/next`, { method: "POST", body: "a=1" })).toMatchObject({ body: "/next" })
    }
  })
})
