import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { makeTransport } from "../../src/adapters/transport/undici.ts"
import { open } from "./doors.ts"

const done = new Int32Array(new SharedArrayBuffer(4))

/** How often the server has said its last. */
const said = (): number => Atomics.load(done, 0)

/** Keeps this thread, which can look at nothing meanwhile, until the server has said its last once more. */
const busy = (before: number): void => {
  if (Atomics.wait(done, 0, before, 3000) === "timed-out") throw new Error("the server has not said its last")
}

describe("a connection that has just answered", () => {
  let worker: Worker
  let url: string
  beforeAll(async () => {
    worker = new Worker(new URL("./stray-server.ts", import.meta.url), { workerData: done.buffer })
    const [port] = await once(worker, "message")
    url = `http://127.0.0.1:${port}`
  })
  afterAll(() => worker.terminate())

  it("never gives the next caller what nobody asked for", async () => {
    await using door = open(makeTransport, url)
    for (let count = 0; count < 5; count++) {
      const before = said()
      await door.ask(`${url}/twice`)
      busy(before)
      expect(await door.ask(`${url}/next`)).toMatchObject({ body: "/next" })
    }
  })

  it("never gives it to who has waited for the connection either", async () => {
    await using door = open(makeTransport, url)
    for (let count = 1; count < 128; count++) door.start(`${url}/hang`, { timeout: 60_000 })
    for (let count = 0; count < 5; count++) {
      const before = said()
      const first = door.ask(`${url}/twice`).then(() => busy(before))
      const waited = door.ask(`${url}/next`)
      await first
      expect(await waited).toMatchObject({ body: "/next" })
    }
  })

  it("is opened again where the server has ended it without a word", async () => {
    await using door = open(makeTransport, url)
    for (let count = 0; count < 5; count++) {
      const before = said()
      await door.ask(`${url}/ends`)
      busy(before)
      expect(await door.ask(`${url}/next`, { method: "POST", body: "a=1" })).toMatchObject({ body: "/next" })
    }
  })
})
