import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { nextOffset, nextToken } from "../../src/adapters/ory/pages.ts"
import { clientOnTheWire, open } from "./ory-server.ts"
import { json, reasonOf } from "./scripted-transport.ts"

const pathWith = (token: string, more = "") => `/admin/clients?page_size=2${more}&page_token=${token}`

describe("the next token in a Link header", () => {
  test.each<[string, string, string | undefined]>([
    ["alone", `<${pathWith("n")}>; rel="next"`, "n"],
    [
      "after another link, without a space between",
      `<${pathWith("f")}>; rel="first",<${pathWith("n")}>; rel="next"`,
      "n",
    ],
    ["before another link", `<${pathWith("n")}>; rel="next",<${pathWith("l")}>; rel="last"`, "n"],
    [
      "among four links",
      `<${pathWith("f")}>; rel="first", <${pathWith("n")}>; rel="next", <${pathWith("p")}>; rel="prev", <${pathWith("l")}>; rel="last"`,
      "n",
    ],
    ["in an absolute URL", `<https://admin.example${pathWith("n")}>; rel="next"`, "n"],
    ["in a relative URL without a slash", `<clients?page_token=n>; rel="next"`, "n"],
    [
      "with a comma in the URL",
      `<${pathWith("f", "&owner=a,b")}>; rel="first",<${pathWith("n", "&owner=a,b")}>; rel="next"`,
      "n",
    ],
    ["with a semicolon in the URL", `<${pathWith("n", "&owner=a;rel=prev")}>; rel="next"`, "n"],
    ["without quotes", `<${pathWith("n")}>; rel=next`, "n"],
    ["without a space", `<${pathWith("n")}>;rel="next"`, "n"],
    ["in capitals", `<${pathWith("n")}>; REL="Next"`, "n"],
    ["after another parameter", `<${pathWith("n")}>; title="x"; rel="next"`, "n"],
    ["before another parameter", `<${pathWith("n")}>; rel="next"; title="x"`, "n"],
    ["first of several relations", `<${pathWith("n")}>; rel="next last"`, "n"],
    ["last of several relations", `<${pathWith("n")}>; rel="last next"`, "n"],
    ["with an encoded token", `<${pathWith("a%2Bb%3D%3D")}>; rel="next"`, "a+b=="],
    ["absent", `<${pathWith("f")}>; rel="first"`, undefined],
    ["absent although the URL contains rel=next", `<${pathWith("f", "&rel=next")}>; rel="first"`, undefined],
    ["absent although another relation starts with next", `<${pathWith("f")}>; rel="next-archive"`, undefined],
    ["empty when the URL has no token", `</admin/clients>; rel="next"`, ""],
    ["absent in an empty header", "", undefined],
    ["absent in an invalid header", "next", undefined],
  ])("is parsed: %s", (_, link, token) => {
    expect(nextToken(link)).toBe(token)
  })
})

describe("the next page of a release with x-total-count", () => {
  const cursorAfter = (cursor: string | undefined, count: number, headers = {}) =>
    nextOffset(
      { status: 200, headers: { "x-total-count": "9", ...headers }, body: "[]" },
      { cursor, pageSize: 2, count },
    )

  test("has a cursor with the next offset", () => {
    const second = cursorAfter(undefined, 2)
    const third = cursorAfter(second, 2)
    expect([second, third].map((cursor) => JSON.parse(atob(cursor ?? "")))).toEqual([
      { offset: "2", v: 2 },
      { offset: "4", v: 2 },
    ])
    expect(cursorAfter(third, 1)).toBeUndefined()
  })

  test("comes from the Link header without x-total-count", () => {
    const link = `<${pathWith("n")}>; rel="next"`
    expect(nextOffset({ status: 200, headers: { link }, body: "" }, { cursor: "x", pageSize: 2, count: 2 })).toBe("n")
  })

  test.each(["", "!", "bnVsbA", "e30"])("is the second page after an unknown cursor: %j", (cursor) => {
    expect(JSON.parse(atob(cursorAfter(cursor, 2) ?? ""))).toEqual({ offset: "2", v: 2 })
  })
})

describe("one page of clients", () => {
  const list = (wire: ReadonlyArray<unknown>, link?: string) =>
    open([json(wire, 200, link === undefined ? {} : { link })])

  test("is requested with cursor, size and filters", async () => {
    const { auth, transport } = list([])
    await Effect.runPromise(auth.clients.list({ cursor: "a+b==", pageSize: 2, name: "n&m", owner: "o" }))
    const url = new URL(transport.requests[0]?.url ?? "")
    expect(url.origin + url.pathname).toBe("https://admin.example/admin/clients")
    expect(Object.fromEntries(url.searchParams)).toEqual({
      page_token: "a+b==",
      page_size: "2",
      client_name: "n&m",
      owner: "o",
    })
  })

  test("is requested with 100 records and without cursor or filters by default", async () => {
    const { auth, transport } = list([])
    await Effect.runPromise(auth.clients.list())
    expect(transport.requests[0]?.url).toBe("https://admin.example/admin/clients?page_size=100")
  })

  test("has the cursor of the next page", async () => {
    const { auth } = list([clientOnTheWire()], `<${pathWith("n")}>; rel="next"`)
    const { items, next } = await Effect.runPromise(auth.clients.list())
    expect(items.map(({ clientId }) => clientId)).toEqual(["c1"])
    expect(next).toBe("n")
  })

  test("is the last page when it is empty, because an older release always links a next page", async () => {
    const { auth } = list([], `<${pathWith("n")}>; rel="next"`)
    expect(await Effect.runPromise(auth.clients.list())).toEqual({ items: [] })
  })

  test("is the last page when the response links no next page", async () => {
    const { auth } = list([clientOnTheWire()])
    expect(await Effect.runPromise(auth.clients.list())).not.toHaveProperty("next")
  })

  test.each<unknown>([{ clients: [] }, [clientOnTheWire(), {}], null, "none"])(
    "is an unexpected response as %j",
    async (wire) => {
      const { auth } = open([json(wire)])
      expect(await reasonOf(auth.clients.list())).toMatchObject({ _tag: "UnexpectedResponse" })
    },
  )
})
