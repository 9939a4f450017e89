import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { type FakeMethod, install } from "@sinonjs/fake-timers"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { makeTransport } from "../../src/adapters/transport/undici.ts"
import { interrupt, type OpenTransport, open } from "./transports.ts"

/** What Jest replaces by default, with `doNotFake: ["nextTick"]`: no socket works without `nextTick`. */
const jest: ReadonlyArray<FakeMethod> = [
  ...(["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "setInterval", "clearInterval"] as const),
  ...(["Date", "hrtime", "performance", "queueMicrotask"] as const),
]

const fakes = [
  { name: "vitest's defaults", fake: () => void vi.useFakeTimers(), restore: () => void vi.useRealTimers() },
  {
    name: "Jest's, without nextTick",
    fake: () => {
      clock = install({ toFake: [...jest] })
    },
    restore: () => clock?.uninstall(),
  },
]
let clock: ReturnType<typeof install> | undefined

describe.each(fakes)("with fake timers: $name", ({ fake, restore }) => {
  let worker: Worker
  let url: string
  beforeAll(async () => {
    worker = new Worker(new URL("./fake-timers-server.ts", import.meta.url))
    const [port] = await once(worker, "message")
    url = `http://127.0.0.1:${port}`
  })
  afterEach(() => restore())
  afterAll(() => worker.terminate())

  const paths = Array.from({ length: 10 }, (_, index) => `/${index}`)
  const expected = paths.map((body) => expect.objectContaining({ status: 200, body }))
  const atOnce = (transport: OpenTransport) =>
    Promise.all(paths.map((path) => transport.send(url + path, { timeout: 15_000 })))
  const inTurn = async (transport: OpenTransport) => {
    const responses: Array<unknown> = []
    for (const path of paths) responses.push(await transport.send(url + path, { timeout: 15_000 }))
    return responses
  }

  it("10 requests in turn and 10 at once are answered on cold connections, and the transport closes", async () => {
    const transport = open(makeTransport, url)
    fake()
    expect(await inTurn(transport)).toEqual(expected)
    expect(await atOnce(transport)).toEqual(expected)
    await transport.close()
  })

  it("requests work on connections that were warm before, and afterwards with real timers", async () => {
    await using transport = open(makeTransport, url)
    await atOnce(transport)
    fake()
    expect(await inTurn(transport)).toEqual(expected)
    expect(await atOnce(transport)).toEqual(expected)
    restore()
    expect(await atOnce(transport)).toEqual(expected)
    expect(await inTurn(transport)).toEqual(expected)
  })

  it("300 requests at once wait for one another within the limit of sockets", async () => {
    await using transport = open(makeTransport, url)
    await atOnce(transport)
    fake()
    const many = await Promise.all(Array.from({ length: 300 }, () => transport.send(`${url}/x`, { timeout: 15_000 })))
    expect(many.filter((response) => !("status" in response))).toEqual([])
  })

  it("requests that hang do not hold the connections of others", async () => {
    await using transport = open(makeTransport, url)
    fake()
    const hanging = Array.from({ length: 200 }, () => transport.start(`${url}/hang`, { timeout: 20_000 }))
    expect(await transport.send(`${url}/other`, { timeout: 10_000 })).toMatchObject({ body: "/other" })
    await Promise.all(hanging.map(interrupt))
  })

  it("a deadline passes in real time", async () => {
    await using transport = open(makeTransport, url)
    fake()
    expect(await transport.send(`${url}/hang`, { timeout: 100 })).toMatchObject({
      _tag: "Unavailable",
      detail: "no complete response within 100 millis, the `attemptTimeout`",
    })
  })
})
