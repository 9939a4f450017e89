import * as Effect from "effect/Effect"
import type { EndSession } from "latchkey"
import { describe, expect, test } from "vitest"
import { open as openOry } from "./ory-server.ts"
import { json, reasonOf } from "./scripted-transport.ts"
import { issuer, open } from "./standard-server.ts"

const logoutUrl = async (request?: EndSession) => {
  const { auth, transport } = open()
  const url = new URL((await Effect.runPromise(auth.session.end(request))).url)
  expect(transport.requests).toEqual([])
  return url
}

describe("the logout URL", () => {
  test("contains the client id without any arguments", async () => {
    expect((await logoutUrl()).href).toBe(`${issuer}/logout?client_id=app`)
    expect((await logoutUrl({})).href).toBe(`${issuer}/logout?client_id=app`)
  })

  test("encodes the ID token hint, the return address and the state", async () => {
    const request = { idTokenHint: "a.b.c", returnTo: "https://app.example/?x=1&y=2#z", state: "s &=ä" }
    expect(Object.fromEntries((await logoutUrl(request)).searchParams)).toEqual({
      client_id: "app",
      id_token_hint: "a.b.c",
      post_logout_redirect_uri: "https://app.example/?x=1&y=2#z",
      state: "s &=ä",
    })
  })

  test("rejects a state without a return address", async () => {
    expect(await reasonOf(open().auth.session.end({ state: "s" }))).toMatchObject({
      _tag: "InvalidRequest",
      field: "state",
    })
  })

  test("is unsupported when the server has no end session endpoint", async () => {
    const { auth } = open([json({ issuer })], { endpoints: {} })
    expect(await reasonOf(auth.session.end())).toMatchObject({
      _tag: "UnsupportedOperation",
      standard: "OpenID Connect RP-Initiated Logout",
    })
  })
})

describe("the logout URL of Ory", () => {
  const returnTo = "https://app.example/"

  test.each<EndSession>([{ returnTo }, { state: "s" }, { returnTo, state: "s" }])(
    "requires the ID token beside %j, because Ory shows an error page without it",
    async (request) => {
      expect(await reasonOf(openOry().auth.session.end(request))).toMatchObject({
        _tag: "InvalidRequest",
        field: "idTokenHint",
      })
    },
  )

  test.each<EndSession>([{}, { idTokenHint: "a.b.c" }, { idTokenHint: "a.b.c", returnTo, state: "s" }])(
    "is made with %j",
    async (request) => {
      const url = new URL((await Effect.runPromise(openOry().auth.session.end(request))).url)
      expect(url.origin + url.pathname).toBe("https://id.example/oauth2/sessions/logout")
      expect(url.searchParams.get("id_token_hint")).toBe(request.idTokenHint ?? null)
    },
  )
})
