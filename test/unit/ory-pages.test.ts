import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { counted, nextToken } from "../../src/adapters/ory/pages.ts"
import { clientOnTheWire, open } from "./ory-server.ts"
import { json, reasonOf } from "./scripted-transport.ts"

const to = (token: string, more = "") => `/admin/clients?page_size=2${more}&page_token=${token}`

describe("the next page of a Link header", () => {
  test.each<[string, string, string | undefined]>([
    ["alone", `<${to("n")}>; rel="next"`, "n"],
    ["after another, no space between", `<${to("f")}>; rel="first",<${to("n")}>; rel="next"`, "n"],
    ["before another", `<${to("n")}>; rel="next",<${to("l")}>; rel="last"`, "n"],
    [
      "among four",
      `<${to("f")}>; rel="first", <${to("n")}>; rel="next", <${to("p")}>; rel="prev", <${to("l")}>; rel="last"`,
      "n",
    ],
    ["absolute", `<https://admin.example${to("n")}>; rel="next"`, "n"],
    ["relative without a slash", `<clients?page_token=n>; rel="next"`, "n"],
    [
      "with a comma in the address",
      `<${to("f", "&owner=a,b")}>; rel="first",<${to("n", "&owner=a,b")}>; rel="next"`,
      "n",
    ],
    ["with a semicolon in the address", `<${to("n", "&owner=a;rel=prev")}>; rel="next"`, "n"],
    ["without quotes", `<${to("n")}>; rel=next`, "n"],
    ["without a space", `<${to("n")}>;rel="next"`, "n"],
    ["in capitals", `<${to("n")}>; REL="Next"`, "n"],
    ["after another parameter", `<${to("n")}>; title="x"; rel="next"`, "n"],
    ["before another parameter", `<${to("n")}>; rel="next"; title="x"`, "n"],
    ["first of several relations", `<${to("n")}>; rel="next last"`, "n"],
    ["last of several relations", `<${to("n")}>; rel="last next"`, "n"],
    ["with an encoded token", `<${to("a%2Bb%3D%3D")}>; rel="next"`, "a+b=="],
    ["not there", `<${to("f")}>; rel="first"`, undefined],
    ["not there, whatever the address says", `<${to("f", "&rel=next")}>; rel="first"`, undefined],
    ["not there, but another relation begins so", `<${to("f")}>; rel="next-archive"`, undefined],
    ["without a token", `</admin/clients>; rel="next"`, ""],
    ["nothing", "", undefined],
    ["nonsense", "next", undefined],
  ])("is found: %s", (_, link, token) => {
    expect(nextToken(link)).toBe(token)
  })
})

describe("the next page of a release that counts", () => {
  const at = (cursor: string | undefined, count: number, headers = {}) =>
    counted({ status: 200, headers: { "x-total-count": "9", ...headers }, body: "[]" }, { cursor, pageSize: 2, count })

  test("is the offset after this one, page by page", () => {
    const second = at(undefined, 2)
    const third = at(second, 2)
    expect([second, third].map((cursor) => JSON.parse(atob(cursor ?? "")))).toEqual([
      { offset: "2", v: 2 },
      { offset: "4", v: 2 },
    ])
    expect(at(third, 1)).toBeUndefined()
  })

  test("is the linked one where nothing is counted", () => {
    const link = `<${to("n")}>; rel="next"`
    expect(counted({ status: 200, headers: { link }, body: "" }, { cursor: "x", pageSize: 2, count: 2 })).toBe("n")
  })

  test.each(["", "!", "bnVsbA", "e30"])("begins anew after a cursor that is none of its own: %j", (cursor) => {
    expect(JSON.parse(atob(at(cursor, 2) ?? ""))).toEqual({ offset: "2", v: 2 })
  })
})

describe("one page of clients", () => {
  const list = (wire: ReadonlyArray<unknown>, link?: string) =>
    open([json(wire, 200, link === undefined ? {} : { link })])

  test("is asked for by cursor, size and filters", async () => {
    const { auth, door } = list([])
    await Effect.runPromise(auth.clients.list({ cursor: "a+b==", pageSize: 2, name: "n&m", owner: "o" }))
    const url = new URL(door.requests[0]?.url ?? "")
    expect(url.origin + url.pathname).toBe("https://admin.example/admin/clients")
    expect(Object.fromEntries(url.searchParams)).toEqual({
      page_token: "a+b==",
      page_size: "2",
      client_name: "n&m",
      owner: "o",
    })
  })

  test("has a hundred records when nothing is said, and neither cursor nor filter", async () => {
    const { auth, door } = list([])
    await Effect.runPromise(auth.clients.list())
    expect(door.requests[0]?.url).toBe("https://admin.example/admin/clients?page_size=100")
  })

  test("names the next one", async () => {
    const { auth } = list([clientOnTheWire()], `<${to("n")}>; rel="next"`)
    const { items, next } = await Effect.runPromise(auth.clients.list())
    expect(items.map(({ clientId }) => clientId)).toEqual(["c1"])
    expect(next).toBe("n")
  })

  test("is the last when it is empty: an older release names a next one for ever", async () => {
    const { auth } = list([], `<${to("n")}>; rel="next"`)
    expect(await Effect.runPromise(auth.clients.list())).toEqual({ items: [] })
  })

  test("is the last when no next one is named", async () => {
    const { auth } = list([clientOnTheWire()])
    expect(await Effect.runPromise(auth.clients.list())).not.toHaveProperty("next")
  })

  test.each<unknown>([{ clients: [] }, [clientOnTheWire(), {}], null, "none"])("is unexpected as %j", async (wire) => {
    const { auth } = open([json(wire)])
    expect(await reasonOf(auth.clients.list())).toMatchObject({ _tag: "UnexpectedResponse" })
  })
})
