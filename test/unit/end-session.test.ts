import * as Effect from "effect/Effect"
import type { EndSession } from "latchkey"
import { describe, expect, test } from "vitest"
import { open as openOry } from "./ory-server.ts"
import { json, reasonOf } from "./scripted-transport.ts"
import { issuer, open } from "./standard-server.ts"

const url = async (request?: EndSession) => {
  const { auth, door } = open()
  const answer = new URL((await Effect.runPromise(auth.session.end(request))).url)
  expect(door.requests).toEqual([])
  return answer
}

describe("the URL that sends a browser to log out", () => {
  test("names the client even when nothing is asked", async () => {
    expect((await url()).href).toBe(`${issuer}/logout?client_id=app`)
    expect((await url({})).href).toBe(`${issuer}/logout?client_id=app`)
  })

  test("carries hint, return address and state, whatever is in them", async () => {
    const request = { idTokenHint: "a.b.c", returnTo: "https://app.example/?x=1&y=2#z", state: "s &=ä" }
    expect(Object.fromEntries((await url(request)).searchParams)).toEqual({
      client_id: "app",
      id_token_hint: "a.b.c",
      post_logout_redirect_uri: "https://app.example/?x=1&y=2#z",
      state: "s &=ä",
    })
  })

  test("refuses a state that nothing would carry back", async () => {
    expect(await reasonOf(open().auth.session.end({ state: "s" }))).toMatchObject({
      _tag: "InvalidRequest",
      field: "state",
    })
  })

  test("is refused where the server publishes no such endpoint", async () => {
    const { auth } = open([json({ issuer })], { endpoints: {} })
    expect(await reasonOf(auth.session.end())).toMatchObject({
      _tag: "UnsupportedOperation",
      standard: "OpenID Connect RP-Initiated Logout",
    })
  })
})

describe("logging out at Ory", () => {
  const returnTo = "https://app.example/"

  test.each<EndSession>([{ returnTo }, { state: "s" }, { returnTo, state: "s" }])(
    "needs the ID token beside %j, for it would end on an error page",
    async (request) => {
      expect(await reasonOf(openOry().auth.session.end(request))).toMatchObject({
        _tag: "InvalidRequest",
        field: "idTokenHint",
      })
    },
  )

  test.each<EndSession>([{}, { idTokenHint: "a.b.c" }, { idTokenHint: "a.b.c", returnTo, state: "s" }])(
    "works with %j",
    async (request) => {
      const answer = new URL((await Effect.runPromise(openOry().auth.session.end(request))).url)
      expect(answer.origin + answer.pathname).toBe("https://id.example/oauth2/sessions/logout")
      expect(answer.searchParams.get("id_token_hint")).toBe(request.idTokenHint ?? null)
    },
  )
})
