import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import { AuthError, type Operation, type Page, type PageQuery } from "latchkey"
import { describe, expect, test } from "vitest"
import { promised } from "../../src/core/promise.ts"
import { withStreams } from "../../src/core/streams.ts"
import { widen } from "../../src/core/widen.ts"
import type { ClientSummary } from "../../src/ports/clients.ts"

const client = (clientId: string): ClientSummary => ({ clientId })

const pages: Readonly<Record<string, Page<ClientSummary>>> = {
  start: { items: [client("a"), client("b")], next: "2" },
  2: { items: [client("c")], next: "3" },
  3: { items: [], next: "4" },
  4: { items: [client("d")] },
}

const unavailable = new AuthError({
  provider: "acme",
  operation: "clients.list",
  reason: { _tag: "Unavailable", detail: "down" },
})

/** A provider that lists clients, and the queries that it received. */
const provider = (script: typeof pages = pages) => {
  const queries: Array<PageQuery | null> = []
  const wide = widen({
    id: "acme",
    can: new Set<Operation>(["clients.list"]),
    instead: {},
    ...{
      clients: {
        list: (query: PageQuery | null = {}) =>
          Effect.suspend(() => {
            queries.push(query)
            const page = script[query?.cursor ?? "start"]
            return page === undefined ? Effect.fail(unavailable) : Effect.succeed(page)
          }),
      },
    },
  })
  return { wide, queries }
}

const ids = (clients: ReadonlyArray<ClientSummary>) => clients.map(({ clientId }) => clientId)

describe("a list as a stream", () => {
  test("emits every item of every page in order, also after an empty page", async () => {
    const { wide, queries } = provider()
    const all = await Effect.runPromise(Stream.runCollect(withStreams(wide).clients.list()))
    expect(ids(all)).toEqual(["a", "b", "c", "d"])
    expect(queries).toEqual([{}, { cursor: "2" }, { cursor: "3" }, { cursor: "4" }])
  })

  test("requests nothing until it runs, and a page only when its items are needed", async () => {
    const { wide, queries } = provider()
    const stream = withStreams(wide).clients.list()
    expect(queries).toEqual([])
    expect(ids(await Effect.runPromise(Stream.runCollect(Stream.take(stream, 2))))).toEqual(["a", "b"])
    expect(queries).toEqual([{}])
    expect(ids(await Effect.runPromise(Stream.runCollect(Stream.take(stream, 3))))).toEqual(["a", "b", "c"])
    expect(queries).toEqual([{}, {}, { cursor: "2" }])
  })

  test("starts at a cursor and keeps the rest of the query on every page", async () => {
    const { wide, queries } = provider()
    const stream = withStreams(wide).clients.list({ cursor: "2", pageSize: 1, name: "n" })
    expect(ids(await Effect.runPromise(Stream.runCollect(stream)))).toEqual(["c", "d"])
    expect(queries).toEqual(["2", "3", "4"].map((cursor) => ({ cursor, pageSize: 1, name: "n" })))
  })

  test("fails at a failed page, after the items of earlier pages", async () => {
    const { wide } = provider({ start: { items: [client("a")], next: "gone" } })
    const received: Array<string> = []
    const run = Stream.runForEach(withStreams(wide).clients.list(), ({ clientId }) =>
      Effect.sync(() => received.push(clientId)),
    )
    expect(await Effect.runPromise(Effect.flip(run))).toBe(unavailable)
    expect(received).toEqual(["a"])
  })

  test("fails as unsupported in the stream when the vendor lacks the list", async () => {
    const { wide } = provider()
    const exit = await Effect.runPromiseExit(Stream.runCollect(withStreams(wide).trust.list()))
    expect(Exit.isFailure(exit)).toBe(true)
    expect(await Effect.runPromise(Effect.flip(Stream.runCollect(withStreams(wide).trust.list())))).toHaveProperty(
      "reason._tag",
      "UnsupportedOperation",
    )
  })

  test("changes no other operation of the provider", () => {
    const { wide } = provider()
    const streamed = withStreams(wide)
    expect(streamed.clients.get).toBe(wide.clients.get)
    expect(streamed.introspect).toBe(wide.introspect)
    expect(streamed.clients.list).not.toBe(wide.clients.list)
  })
})

describe("a list as an async iterable", () => {
  const collect = async (list: AsyncIterable<ClientSummary>) => {
    const all: Array<ClientSummary> = []
    for await (const each of list) all.push(each)
    return ids(all)
  }

  test("yields every item of every page in order", async () => {
    const { wide, queries } = provider()
    expect(await collect(promised(Effect.succeed(wide)).clients.list())).toEqual(["a", "b", "c", "d"])
    expect(queries.map((query) => query?.cursor)).toEqual([undefined, "2", "3", "4"])
  })

  test("requests nothing until iteration starts, and a page only when its items are needed", async () => {
    const { wide, queries } = provider()
    const list = promised(Effect.succeed(wide)).clients.list()
    expect(queries).toEqual([])
    for await (const each of list) if (each.clientId === "b") break
    expect(queries).toHaveLength(1)
  })

  test("passes an invalid query to the operation, which rejects it", async () => {
    const { wide, queries } = provider()
    await collect(promised(Effect.succeed(wide)).clients.list(null as never))
    await Effect.runPromise(Stream.runDrain(withStreams(wide).clients.list("a" as never)))
    expect([queries[0], queries[4]]).toEqual([null, "a"])
  })

  test("restarts from the first page in a second iteration", async () => {
    const list = promised(Effect.succeed(provider().wide)).clients.list()
    expect(await collect(list)).toEqual(await collect(list))
  })

  test("starts at a cursor and keeps the rest of the query", async () => {
    const { wide, queries } = provider()
    expect(await collect(promised(Effect.succeed(wide)).clients.list({ cursor: "3", name: "n" }))).toEqual(["d"])
    expect(queries).toEqual([
      { cursor: "3", name: "n" },
      { cursor: "4", name: "n" },
    ])
  })

  test("rejects at the page that fails, with the AuthError", async () => {
    const { wide } = provider({ start: { items: [client("a")], next: "gone" } })
    const received: Array<string> = []
    const run = async () => {
      for await (const each of promised(Effect.succeed(wide)).clients.list()) received.push(each.clientId)
    }
    await expect(run()).rejects.toEqual(unavailable)
    expect(received).toEqual(["a"])
  })

  test("rejects with the signal's reason when the signal aborts between two pages", async () => {
    const { wide, queries } = provider()
    const controller = new AbortController()
    const run = async () => {
      for await (const each of promised(Effect.succeed(wide)).clients.list({}, { signal: controller.signal }))
        if (each.clientId === "b") controller.abort(new Error("enough"))
    }
    await expect(run()).rejects.toThrow("enough")
    expect(queries).toHaveLength(1)
  })
})
