import type { PolarEmulator } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  acme,
  ada,
  app,
  formsTo,
  logIn,
  open,
  type PolarAuth,
  reasonOf,
  respondNext,
  rival,
  shop,
  start,
} from "./setup.ts"

let emulator: PolarEmulator
let auth: PolarAuth
beforeAll(async () => {
  emulator = await start()
  auth = open(emulator)
})
afterAll(async () => {
  await auth.close()
  await emulator.close()
})

const live = { freshness: "live" } as const

describe("introspection", () => {
  it("always sends the token_type_hint for access tokens", async () => {
    const { accessToken, refreshToken = "" } = await logIn(auth, emulator)
    expect(await auth.introspect(accessToken, live)).toMatchObject({ active: true, use: "access_token" })
    for (const token of [refreshToken, "polar_at_u_unknown", "garbage", "polar_pat_x"])
      expect(await auth.introspect(token, live)).toEqual({ active: false })
    const hints = formsTo(emulator, "/v1/oauth2/introspect").map((form) => form.token_type_hint)
    expect(new Set(hints)).toEqual(new Set(["access_token"]))
  })

  it("reports a refresh token inactive even if the server ignores the hint", async () => {
    const response = { active: true, token_type: "Bearer", client_id: shop.clientId, sub: ada, scope: "openid" }
    respondNext(emulator, "/v1/oauth2/introspect", response)
    expect(await auth.introspect("polar_rt_u_x", live)).toEqual({ active: false })
    respondNext(emulator, "/v1/oauth2/introspect", response)
    expect(await auth.introspect("polar_at_u_x", live)).toMatchObject({ active: true, use: "access_token" })
  })

  it("gives the subject type: a user, or an organization for an old token", async () => {
    const more = { client_id: shop.clientId, scope: "openid" }
    emulator.seed({
      tokens: [
        { ...more, sub: acme, sub_type: "organization", access_token: "polar_at_o_old" },
        { ...more, sub: ada, organizations: [acme], access_token: "polar_at_u_one" },
      ],
    })
    const user = { active: true, subject: ada, subjectType: "user", claims: { organizations: [acme] } }
    expect(await auth.introspect("polar_at_u_one", live)).toMatchObject(user)
    const organization = { active: true, subject: acme, subjectType: "organization" }
    expect(await auth.introspect("polar_at_o_old", live)).toMatchObject(organization)
  })
})

describe("another client's token", () => {
  it("is inactive for introspection, AccessDenied for revocation, and stays active", async () => {
    await using other = open(emulator, rival)
    const { accessToken } = await logIn(auth, emulator)
    expect(await other.introspect(accessToken, live)).toEqual({ active: false })
    expect(await reasonOf(other.revoke(accessToken))).toEqual({ _tag: "AccessDenied", code: "invalid_grant" })
    expect(await auth.introspect(accessToken, live)).toMatchObject({ active: true, clientId: shop.clientId })
  })
})

describe("a public client", () => {
  it("logs in, refreshes and reads claims; operations that need a secret are unsupported without a request", async () => {
    await using publicAuth = open(emulator, app)
    const { refreshToken = "" } = await logIn(publicAuth, emulator)
    const { accessToken } = await publicAuth.refresh(refreshToken)
    expect(await publicAuth.userInfo(accessToken)).toMatchObject({ subject: ada, email: "ada@example.com" })
    const before = emulator.requests.length
    for (const [call, standard] of [
      [publicAuth.introspect(accessToken), "RFC 7662"],
      [publicAuth.revoke(accessToken), "RFC 7009"],
    ] as const)
      expect(await reasonOf(call)).toEqual({
        _tag: "UnsupportedOperation",
        standard,
        instead: "a confidential client: Polar requires a client secret here",
      })
    expect(emulator.requests).toHaveLength(before)
  })
})
