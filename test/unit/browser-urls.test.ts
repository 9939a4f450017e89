import { createAuth } from "latchkey"
import { ory } from "latchkey/ory"
import { describe, expect, test } from "vitest"
import { isWebPage } from "../../src/adapters/oidc/operations/discovery.ts"
import { scripted } from "../bad-days/scripted-server.ts"
import { respond } from "../bad-days/scripts.ts"
import { policiesOff } from "../policies-off.ts"

const unsafe = [
  "javascript:alert(1)",
  "JavaScript:alert(1)",
  "\tjava\nscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:x",
  "file:///etc/passwd",
  "blob:https://a.example/1",
  "intent://a.example#Intent;end",
  "//a.example/cb",
  "/cb",
  "",
]

const at = (url: string) =>
  createAuth(
    ory({
      ...policiesOff,
      ...{ publicUrl: url, adminUrl: url, insecureOrigins: [url], clientId: "service", clientSecret: "hushhush" },
    }),
  )

const client = { client_id: "a", metadata: {} }
const request = { challenge: "a", client, skip: false, request_url: "https://a.example/oauth2/auth" }

describe.each(unsafe)("the URL %j of the vendor", (url) => {
  test("is no redirect of a challenge: accepted, rejected or already handled", async () => {
    await using server = await scripted(respond(200, JSON.stringify({ redirect_to: url })))
    await using auth = at(server.url)
    const { consent } = auth
    const unexpected = { reason: { _tag: "UnexpectedResponse", path: "redirect_to" } }
    await expect(consent.acceptLogin({ challenge: "a", subject: "b" })).rejects.toMatchObject(unexpected)
    await expect(consent.rejectLogin({ challenge: "a", error: "b" })).rejects.toMatchObject(unexpected)
    await expect(consent.acceptConsent({ challenge: "a", grantScopes: [] })).rejects.toMatchObject(unexpected)
    await expect(consent.rejectConsent({ challenge: "a", error: "b" })).rejects.toMatchObject(unexpected)
    await expect(consent.acceptLogout("a")).rejects.toMatchObject(unexpected)
    server.play(respond(410, JSON.stringify({ redirect_to: url })))
    await expect(consent.getLogin("a")).rejects.toMatchObject(unexpected)
    await expect(consent.getConsent("a")).rejects.toMatchObject(unexpected)
    await expect(consent.getLogout("a")).rejects.toMatchObject(unexpected)
  })

  test("is no page for a browser, also if every origin here is listed", () => {
    expect(isWebPage(url, ["https://a.example", "http://a.example", "null"])).toBe(false)
  })
})

describe("a challenge", () => {
  test.each(["http://127.0.0.1:3000/login?a=b", "https://shop.example/cb"])("may redirect to %s", async (url) => {
    await using server = await scripted(respond(200, JSON.stringify({ redirect_to: url })))
    await using auth = at(server.url)
    expect(await auth.consent.acceptLogout("a")).toEqual({ redirectTo: url })
  })

  test("has no first request with a scheme that runs code; that of a logout may be a path", async () => {
    const script = { ...request, request_url: "javascript:alert(1)" }
    await using server = await scripted(respond(200, JSON.stringify(script)))
    await using auth = at(server.url)
    const unexpected = { reason: { _tag: "UnexpectedResponse", path: "request_url" } }
    await expect(auth.consent.getLogin("a")).rejects.toMatchObject(unexpected)
    await expect(auth.consent.getConsent("a")).rejects.toMatchObject(unexpected)
    server.play(respond(200, JSON.stringify({ ...script, rp_initiated: true })))
    await expect(auth.consent.getLogout("a")).rejects.toMatchObject(unexpected)
    server.play(
      respond(200, JSON.stringify({ challenge: "a", rp_initiated: true, request_url: "/oauth2/sessions/logout" })),
    )
    expect(await auth.consent.getLogout("a")).toMatchObject({ requestUrl: "/oauth2/sessions/logout" })
  })
})

test("a page of an origin that is listed may be http, but no `blob:` of that origin", () => {
  expect(isWebPage("http://127.0.0.1:1/x", ["http://127.0.0.1:1"])).toBe(true)
  expect(isWebPage("blob:http://127.0.0.1:1/x", ["http://127.0.0.1:1"])).toBe(false)
})
