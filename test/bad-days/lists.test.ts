import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import { createAuth } from "latchkey"
import { make, overOperations } from "latchkey/effect"
import { describe, expect, it } from "vitest"
import { type OryProvider, oryAt } from "./providers.ts"
import { type Asked, type Script, scripted } from "./scripted-server.ts"
import { answer, asJson, hang, json } from "./scripts.ts"

const client = (id: number) => ({ client_id: `client-${id}`, metadata: {} })
const all = Array.from({ length: 7 }, (_, index) => `client-${index}`)
const lastPage = 3

const pageOf = ({ path }: Asked): number =>
  Number(new URL(path, "http://a.invalid").searchParams.get("page_token") ?? 0)

type Links = (page: number) => string

/** The two ways in which releases link their pages. */
const linkStyles: ReadonlyArray<readonly [string, Links]> = [
  [
    "next alone, beside first",
    (page) => {
      const first = '</admin/clients?page_size=2&page_token=0>; rel="first"'
      return page < lastPage ? `${first},</admin/clients?page_size=2&page_token=${page + 1}>; rel="next"` : first
    },
  ],
  [
    "first, next, prev and last, and a next after the last",
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

/** Seven clients, two on a page. */
const pages =
  (links: Links): Script =>
  (asked) => {
    const page = pageOf(asked)
    const items = [2 * page, 2 * page + 1].filter((id) => id < all.length).map(client)
    json(items, { ...asJson, link: links(page) })(asked)
  }

/** The same, but for what the second page hears the first times. */
const stumbling = (links: Links, stumble: Script, times: number): Script => {
  let left = times
  return (asked) => (pageOf(asked) === 1 && left-- > 0 ? stumble : pages(links))(asked)
}

const retrying = (provider: OryProvider): OryProvider =>
  overOperations(provider, (operation, method) =>
    operation === "clients.list"
      ? (...args) => Effect.retry(method(...args), { times: 3, while: (error) => error.isRetryable })
      : undefined,
  )

const open = (url: string) => createAuth(Effect.map(oryAt(url, { timeout: 2000 }), retrying))
const collect = async <A>(list: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const items: Array<A> = []
  for await (const item of list) items.push(item)
  return items
}

const ids = async (auth: ReturnType<typeof open>) =>
  (await collect(auth.clients.list({ pageSize: 2 }))).map(({ clientId }) => clientId)

const streamed = (url: string, change = (provider: OryProvider) => provider) =>
  Effect.scoped(
    Effect.flatMap(make(Effect.map(oryAt(url, { timeout: 600 }), change)), (auth) =>
      Stream.runCollect(Stream.map(auth.clients.list({ pageSize: 2 }), (each) => each.clientId)),
    ),
  )

describe.concurrent.each(linkStyles)("a list whose pages are linked by %s", (_, links) => {
  it("yields every client once, in order", async () => {
    await using server = await scripted(pages(links))
    await using auth = open(server.url)
    expect(await ids(auth)).toEqual(all)
    expect(await Effect.runPromise(streamed(server.url))).toEqual(all)
  })

  it.each([
    ["a 503", answer(503, "", { "retry-after": "0" })],
    ["a 429", answer(429)],
    ["a reset", ({ socket }: Asked) => void socket.resetAndDestroy()],
    ["no answer in time", hang],
  ])("yields every client exactly once when the second page hears %s, with a retry around", async (_name, stumble) => {
    await using server = await scripted(stumbling(links, stumble, 1))
    await using auth = open(server.url)
    expect(await ids(auth)).toEqual(all)
    server.play(stumbling(links, stumble, 1))
    expect(await Effect.runPromise(streamed(server.url, retrying))).toEqual(all)
  })

  it("fails on a 503 of the second page without a retry, after the first page", async () => {
    await using server = await scripted(stumbling(links, answer(503), 9))
    await using auth = createAuth(oryAt(server.url))
    const got: Array<string> = []
    const listing = async () => {
      for await (const each of auth.clients.list({ pageSize: 2 })) got.push(each.clientId)
    }
    await expect(listing()).rejects.toMatchObject({
      operation: "clients.list",
      reason: { _tag: "Unavailable", status: 503 },
    })
    expect(got).toEqual(["client-0", "client-1"])
    const exit = await Effect.runPromiseExit(streamed(server.url))
    expect(Exit.isFailure(exit)).toBe(true)
  })

  it("fails when the second page does not come in time, and never just ends", async () => {
    await using server = await scripted(stumbling(links, hang, 9))
    await using auth = createAuth(oryAt(server.url))
    await expect(collect(auth.clients.list({}, { timeout: 100 }))).rejects.toMatchObject({
      reason: { _tag: "Unavailable" },
    })
    const exit = await Effect.runPromiseExit(streamed(server.url))
    expect(Exit.isFailure(exit)).toBe(true)
  })

  it("asks for no further page once nobody wants one", async () => {
    await using server = await scripted(pages(links))
    await using auth = open(server.url)
    for await (const each of auth.clients.list({ pageSize: 2 })) if (each.clientId === "client-2") break
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(server.asked.map(pageOf)).toEqual([0, 1])
  })

  it("asks for nothing before somebody wants an item", async () => {
    await using server = await scripted(pages(links))
    await using auth = open(server.url)
    auth.clients.list()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(server.asked).toEqual([])
  })

  it("can be walked twice", async () => {
    await using server = await scripted(pages(links))
    await using auth = open(server.url)
    const list = auth.clients.list()
    expect((await collect(list)).length).toBe(7)
    expect((await collect(list)).length).toBe(7)
  })

  it("stops between two pages when it is aborted, with exactly the signal's reason", async () => {
    await using server = await scripted(pages(links))
    await using auth = open(server.url)
    const abort = new AbortController()
    const listing = async () => {
      for await (const _each of auth.clients.list({}, { signal: abort.signal })) abort.abort("enough")
    }
    await expect(listing()).rejects.toBe("enough")
    expect(server.asked).toHaveLength(1)
  })
})

describe("a list", () => {
  it.each([['</admin/clients?page=2>; rel="next"'], ['<>; rel="next"'], ['</admin/clients?page_token=>; rel="next"']])(
    "with a next page that cannot be read, %s, fails and does not just end",
    async (link) => {
      await using server = await scripted(json([client(0)], { ...asJson, link }))
      await using auth = createAuth(oryAt(server.url))
      await expect(collect(auth.clients.list())).rejects.toMatchObject({
        reason: { _tag: "UnexpectedResponse" },
      })
      expect(server.asked.length).toBeLessThanOrEqual(2)
    },
  )

  it("whose next page is always the same fails and does not go on for ever", async () => {
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
