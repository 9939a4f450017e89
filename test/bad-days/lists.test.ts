import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import { createAuth } from "latchkey"
import { make, overOperations } from "latchkey/effect"
import { describe, expect, it } from "vitest"
import { type OryProvider, oryAt } from "./providers.ts"
import { type ReceivedRequest, type Script, scripted } from "./scripted-server.ts"
import { asJson, hang, json, respond } from "./scripts.ts"

const client = (id: number) => ({ client_id: `client-${id}`, metadata: {} })
const allIds = Array.from({ length: 7 }, (_, index) => `client-${index}`)
const lastPage = 3

const pageOf = ({ path }: ReceivedRequest): number =>
  Number(new URL(path, "http://a.invalid").searchParams.get("page_token") ?? 0)

type Links = (page: number) => string

/** The two forms of the Link header that Ory releases send. */
const linkStyles: ReadonlyArray<readonly [string, Links]> = [
  [
    "first and next",
    (page) => {
      const first = '</admin/clients?page_size=2&page_token=0>; rel="first"'
      return page < lastPage ? `${first},</admin/clients?page_size=2&page_token=${page + 1}>; rel="next"` : first
    },
  ],
  [
    "first, next, prev and last, with a next on the last page",
    (page) =>
      [
        ["first", 0],
        ["next", page + 1],
        ["prev", page - 1],
        ["last", lastPage],
      ]
        .map(([rel, to]) => `<http://a.invalid/admin/clients?a=b,c&page_token=${to}&page_size=2>; rel="${rel}"`)
        .join(","),
  ],
]

/** Serves seven clients, two per page. */
const pages =
  (links: Links): Script =>
  (request) => {
    const page = pageOf(request)
    const items = [2 * page, 2 * page + 1].filter((id) => id < allIds.length).map(client)
    json(items, { ...asJson, link: links(page) })(request)
  }

/** Serves the same pages, but plays `failure` for the first `times` requests of the second page. */
const failingSecondPage = (links: Links, failure: Script, times: number): Script => {
  let left = times
  return (request) => (pageOf(request) === 1 && left-- > 0 ? failure : pages(links))(request)
}

const retrying = (provider: OryProvider): OryProvider =>
  overOperations(provider, (operation, method) =>
    operation === "clients.list"
      ? (...args) => Effect.retry(method(...args), { times: 3, while: (error) => error.isRetryable })
      : undefined,
  )

const open = (url: string) => createAuth(Effect.map(oryAt(url, { attemptTimeout: "2 seconds" }), retrying))
const collect = async <A>(list: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const items: Array<A> = []
  for await (const item of list) items.push(item)
  return items
}

const ids = async (auth: ReturnType<typeof open>) =>
  (await collect(auth.clients.list({ pageSize: 2 }))).map(({ clientId }) => clientId)

const streamed = (url: string, change = (provider: OryProvider) => provider) =>
  Effect.scoped(
    Effect.flatMap(make(Effect.map(oryAt(url, { attemptTimeout: "600 millis" }), change)), (auth) =>
      Stream.runCollect(Stream.map(auth.clients.list({ pageSize: 2 }), (each) => each.clientId)),
    ),
  )

describe.concurrent.each(linkStyles)("a list whose pages are linked by %s", (_, links) => {
  it("yields every client once, in order", async () => {
    await using server = await scripted(pages(links))
    await using auth = open(server.url)
    expect(await ids(auth)).toEqual(allIds)
    expect(await Effect.runPromise(streamed(server.url))).toEqual(allIds)
  })

  it.each([
    ["a 503", respond(503, "", { "retry-after": "0" })],
    ["a 429", respond(429)],
    ["a reset", ({ socket }: ReceivedRequest) => void socket.resetAndDestroy()],
    ["a timeout", hang],
  ])("yields every client exactly once with a retry when the second page fails with %s", async (_name, failure) => {
    await using server = await scripted(failingSecondPage(links, failure, 1))
    await using auth = open(server.url)
    expect(await ids(auth)).toEqual(allIds)
    server.play(failingSecondPage(links, failure, 1))
    expect(await Effect.runPromise(streamed(server.url, retrying))).toEqual(allIds)
  })

  it("yields the first page and fails on a 503 for the second page, without a retry", async () => {
    await using server = await scripted(failingSecondPage(links, respond(503), 9))
    await using auth = createAuth(oryAt(server.url))
    const received: Array<string> = []
    const listing = async () => {
      for await (const each of auth.clients.list({ pageSize: 2 })) received.push(each.clientId)
    }
    await expect(listing()).rejects.toMatchObject({
      operation: "clients.list",
      reason: { _tag: "Unavailable", status: 503 },
    })
    expect(received).toEqual(["client-0", "client-1"])
    const exit = await Effect.runPromiseExit(streamed(server.url))
    expect(Exit.isFailure(exit)).toBe(true)
  })

  it("fails when the second page times out", async () => {
    await using server = await scripted(failingSecondPage(links, hang, 9))
    await using auth = createAuth(oryAt(server.url))
    await expect(collect(auth.clients.list({}, { timeout: "100 millis" }))).rejects.toMatchObject({
      reason: { _tag: "Unavailable" },
    })
    const exit = await Effect.runPromiseExit(streamed(server.url))
    expect(Exit.isFailure(exit)).toBe(true)
  })

  it("requests no further page after the consumer stops", async () => {
    await using server = await scripted(pages(links))
    await using auth = open(server.url)
    for await (const each of auth.clients.list({ pageSize: 2 })) if (each.clientId === "client-2") break
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(server.requests.map(pageOf)).toEqual([0, 1])
  })

  it("sends no request before the first item is read", async () => {
    await using server = await scripted(pages(links))
    await using auth = open(server.url)
    auth.clients.list()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(server.requests).toEqual([])
  })

  it("can be iterated twice", async () => {
    await using server = await scripted(pages(links))
    await using auth = open(server.url)
    const list = auth.clients.list()
    expect((await collect(list)).length).toBe(7)
    expect((await collect(list)).length).toBe(7)
  })

  it("rejects with the signal's reason when it is aborted between two pages", async () => {
    await using server = await scripted(pages(links))
    await using auth = open(server.url)
    const abort = new AbortController()
    const listing = async () => {
      for await (const _each of auth.clients.list({}, { signal: abort.signal })) abort.abort("enough")
    }
    await expect(listing()).rejects.toBe("enough")
    expect(server.requests).toHaveLength(1)
  })
})

describe("a list", () => {
  it.each([['</admin/clients?page=2>; rel="next"'], ['<>; rel="next"'], ['</admin/clients?page_token=>; rel="next"']])(
    "fails when the link to the next page is invalid: %s",
    async (link) => {
      await using server = await scripted(json([client(0)], { ...asJson, link }))
      await using auth = createAuth(oryAt(server.url))
      await expect(collect(auth.clients.list())).rejects.toMatchObject({
        reason: { _tag: "UnexpectedResponse" },
      })
      expect(server.requests.length).toBeLessThanOrEqual(2)
    },
  )

  it("fails when every page links to the same next page", async () => {
    await using server = await scripted(
      json([client(0)], { ...asJson, link: '</admin/clients?page_token=1>; rel="next"' }),
    )
    await using auth = createAuth(oryAt(server.url))
    let items = 0
    const listing = async () => {
      for await (const _each of auth.clients.list()) if (++items > 50) return "for ever"
      return "ended"
    }
    await expect(listing()).rejects.toMatchObject({ reason: { _tag: "UnexpectedResponse" } })
  })
})
