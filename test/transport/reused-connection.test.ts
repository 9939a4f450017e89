import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { makeTransport } from "../../src/adapters/transport/undici.ts"
import { open } from "./transports.ts"

const counter = new Int32Array(new SharedArrayBuffer(4))

/** How many stray responses and connection ends the server has sent. */
const strayCount = (): number => Atomics.load(counter, 0)

/** Blocks this thread, so that it reads no socket, until the server has sent one more. */
const blockUntilNext = (before: number): void => {
  if (Atomics.wait(counter, 0, before, 3000) === "timed-out")
    throw new Error("the server has sent no stray response and no connection end")
}

describe("a connection after its response", () => {
  let worker: Worker
  let url: string
  beforeAll(async () => {
    worker = new Worker(new URL("./stray-response-server.ts", import.meta.url), { workerData: counter.buffer })
    const [port] = await once(worker, "message")
    url = `http://127.0.0.1:${port}`
  })
  afterAll(() => worker.terminate())

  it("never returns a stray response to the next request", async () => {
    await using transport = open(makeTransport, url)
    for (let count = 0; count < 5; count++) {
      const before = strayCount()
      await transport.send(`${url}/twice`)
      blockUntilNext(before)
      expect(await transport.send(`${url}/next`)).toMatchObject({ body: "/next" })
    }
  })

  it("never returns a stray response to a request that queued for the connection", async () => {
    await using transport = open(makeTransport, url)
    for (let count = 1; count < 128; count++) transport.start(`${url}/hang`, { timeout: 60_000 })
    for (let count = 0; count < 5; count++) {
      const before = strayCount()
      const first = transport.send(`${url}/twice`).then(() => blockUntilNext(before))
      const queued = transport.send(`${url}/next`)
      await first
      expect(await queued).toMatchObject({ body: "/next" })
    }
  })

  it("is replaced when the server has closed it without a `Connection: close` header", async () => {
    await using transport = open(makeTransport, url)
    for (let count = 0; count < 5; count++) {
      const before = strayCount()
      await transport.send(`${url}/ends`)
      blockUntilNext(before)
      expect(await transport.send(`${url}/next`, { method: "POST", body: "a=1" })).toMatchObject({ body: "/next" })
    }
  })
})
