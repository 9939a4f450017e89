import { describe, expect, test } from "vitest"
import { rawResponse, reasonOf } from "./scripted-transport.ts"
import { open } from "./standard-server.ts"

const secret = "quietmarmaladejar"

const redirect = (location: string | undefined, status = 302, body = "") => ({
  ...rawResponse(status, body === "" ? undefined : "text/html", body),
  headers: { ...(body !== "" && { "content-type": "text/html" }), ...(location !== undefined && { location }) },
})

/** The text of the error of each kind of request after a redirect. */
const texts = async (response: ReturnType<typeof redirect>): Promise<ReadonlyArray<string>> => {
  const { auth } = open([response, response])
  const reasons = [await reasonOf(auth.introspect(secret)), await reasonOf(auth.refresh(secret))]
  return reasons.map((reason) => `${reason._tag}: ${"detail" in reason ? reason.detail : ""}`)
}

const twice = (text: string) => [text, text]

describe("the error of a redirect", () => {
  test.each([
    ["https://login.example/sign-in?next=%2Ftoken#top", '"https://login.example"'],
    ["https://user:pass@login.example:8443/a", '"https://login.example:8443"'],
    ["//www.id.example/token", '"https://www.id.example"'],
    ["http://127.0.0.1:8080/x", '"http://127.0.0.1:8080"'],
  ])("names the origin of %s, and nothing else of it", async (location, origin) => {
    for (const status of [301, 302, 303, 307, 308])
      expect(await texts(redirect(location, status))).toEqual(
        twice(`UnexpectedResponse: a redirect to the origin ${origin}, which is never followed`),
      )
  })

  test.each([
    ["/login?token=abc", "a redirect to the same origin"],
    ["login", "a redirect to the same origin"],
    ["app://callback?code=abc", "a redirect to another origin"],
    ["javascript:alert(1)", "a redirect to another origin"],
    ["https://", "a redirect to another origin"],
    [`https://${"a".repeat(400)}.example/`, "a redirect to another origin"],
    [`https://a.example/${"a".repeat(1_000_000)}`, "a redirect to another origin"],
    ["", "a redirect without a location"],
    [undefined, "a redirect without a location"],
  ])("says what the location is otherwise", async (location, words) => {
    expect(await texts(redirect(location))).toEqual(twice(`UnexpectedResponse: ${words}, which is never followed`))
  })

  test("names the origin of a login gate, whose redirect has a page", async () => {
    const [first, second] = await texts(redirect("https://gate.example/login?to=x", 302, "<html>Moved</html>"))
    expect(first).toMatch(
      /^Unavailable: got a web page \(status 302, text\/html\).*: a redirect to the origin "https:\/\/gate\.example"$/,
    )
    expect(second).toBe(first)
  })

  test("contains no secret of the request, wherever the location has it", async () => {
    for (const location of [
      `https://${secret}.example/`,
      `https://a.example/${secret}?${secret}`,
      `https://${secret}@a.example`,
    ])
      for (const body of ["", "<html>Moved</html>"])
        for (const text of await texts(redirect(location, 302, body))) expect(text).not.toContain("marmalade")
  })

  test("a 304, which has no location, is a status that no operation documents", async () => {
    for (const text of await texts(redirect(undefined, 304)))
      expect(text).toMatch(/^UnexpectedResponse: expected .*, got an empty body$/)
  })
})
