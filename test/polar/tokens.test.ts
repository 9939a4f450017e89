import type { PolarEmulator } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  acme,
  ada,
  formsTo,
  header,
  logIn,
  open,
  type PolarAuth,
  reasonOf,
  redirectUri,
  refreshTokenOf,
  shop,
  start,
  visit,
  zeta,
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
const inSeconds = (date: Date | undefined) => Math.round(((date?.getTime() ?? 0) - Date.now()) / 1000)

const isDead = async (accessToken: string) => {
  expect(await auth.introspect(accessToken, live)).toEqual({ active: false })
  expect(await reasonOf(auth.userInfo(accessToken))).toMatchObject({ _tag: "InvalidToken", check: "rejected" })
}

describe("refreshing", () => {
  it("gives a new pair of tokens and ends the old pair", async () => {
    const old = await logIn(auth, emulator)
    const fresh = await auth.refresh(refreshTokenOf(old))
    expect(fresh.refreshToken).not.toBe(old.refreshToken)
    await isDead(old.accessToken)
    expect(await reasonOf(auth.refresh(refreshTokenOf(old)))).toEqual({ _tag: "InvalidGrant", code: "invalid_grant" })
    expect(await auth.introspect(fresh.accessToken, live)).toMatchObject({ active: true, subject: ada })
    expect((await auth.userInfo(fresh.accessToken)).subject).toBe(ada)
  })

  it("gives tokens that live for an hour, where those of a login live for ten days", async () => {
    const first = await logIn(auth, emulator)
    expect(Math.abs(inSeconds(first.expiresAt) - 864_000)).toBeLessThan(5)
    const second = await auth.refresh(refreshTokenOf(first))
    expect(Math.abs(inSeconds(second.expiresAt) - 3600)).toBeLessThan(5)
    expect(second.idToken).toBeUndefined()
    const token = await auth.introspect(second.accessToken, live)
    expect(Math.abs(inSeconds(token.active ? token.expiresAt : undefined) - 3600)).toBeLessThan(5)
  })

  it("can narrow the scopes permanently", async () => {
    const { refreshToken = "" } = await logIn(auth, emulator)
    const narrow = await auth.refresh(refreshToken, { scopes: ["email"] })
    expect(narrow.scopes).toEqual(["email"])
    const again = auth.refresh(refreshTokenOf(narrow), { scopes: ["openid", "email"] })
    expect(await reasonOf(again)).toMatchObject({ _tag: "InvalidRequest", code: "invalid_scope" })
    expect((await auth.refresh(refreshTokenOf(narrow))).scopes).toEqual(["email"])
  })
})

describe("scopes", () => {
  it("are empty when the client has no requested scope", async () => {
    const { scopes, idToken, accessToken, refreshToken = "" } = await logIn(auth, emulator, { scopes: ["orders:read"] })
    expect([scopes, idToken]).toEqual([[], undefined])
    expect(await auth.introspect(accessToken, live)).toMatchObject({ active: true, scopes: [] })
    expect((await auth.refresh(refreshToken)).scopes).toEqual([])
  })

  it("name openid as the cause when the client may not have it, and an exchange gets no ID token", async () => {
    const registered = { redirectUris: [redirectUri], scopes: ["email"], name: "no openid" }
    const { clientId, secret } = await auth.clients.create(registered)
    await using other = open(emulator, { clientId, clientSecret: secret ?? "" })
    expect(await reasonOf(logIn(other, emulator, { scopes: ["openid", "email"] }))).toMatchObject({
      _tag: "UnexpectedResponse",
      path: "id_token",
      detail: expect.stringContaining('"openid" was requested and not granted'),
    })
  })

  it("need no extra member for a refresh token", async () => {
    const { url } = await auth.authorize({ scopes: ["openid"], offline: true })
    expect(new URL(url).searchParams.get("scope")).toBe("openid")
    expect(new URL(url).searchParams.get("code_challenge_method")).toBe("S256")
  })
})

describe.each(["accessToken", "refreshToken"] as const)("revoking the %s", (half) => {
  it("ends both tokens and sends no token_type_hint", async () => {
    const tokens = await logIn(auth, emulator)
    expect(await auth.revoke(tokens[half] ?? "")).toBeUndefined()
    await isDead(tokens.accessToken)
    expect(await reasonOf(auth.refresh(refreshTokenOf(tokens)))).toMatchObject({ _tag: "InvalidGrant" })
    expect(await auth.revoke(tokens[half] ?? "")).toBeUndefined()
    const forms = formsTo(emulator, "/v1/oauth2/revoke")
    expect(forms.length).toBeGreaterThan(1)
    expect(forms.filter((form) => "token_type_hint" in form)).toEqual([])
  })
})

describe("a client's secret", () => {
  it("is sent by the registered authentication method", async () => {
    await using inHeader = open(emulator, header)
    const tokens = await logIn(inHeader, emulator)
    expect(await inHeader.introspect(tokens.accessToken, live)).toMatchObject({
      active: true,
      clientId: header.clientId,
    })
    const inForm = { clientId: header.clientId, clientSecret: header.clientSecret }
    await using other = open(emulator, inForm)
    const invalidClient = { _tag: "InvalidClient", code: "invalid_client" }
    expect(await reasonOf(other.refresh(refreshTokenOf(tokens)))).toMatchObject(invalidClient)
  })

  it("is InvalidClient when the client is unknown or the secret is wrong", async () => {
    await using unknownClient = open(emulator, { ...shop, clientId: "polar_ci_nobody" })
    expect(await reasonOf(unknownClient.introspect("x", live))).toMatchObject({ _tag: "InvalidClient" })
    await using wrong = open(emulator, { ...shop, clientSecret: "wrong" })
    expect(await reasonOf(wrong.introspect("x", live))).toMatchObject({ _tag: "InvalidClient" })
  })
})

describe("organizations", () => {
  it("are repeated parameters of the URL and come back in the claims", async () => {
    const extra = { sub_type: "organization", organizations: [zeta] } as const
    const { callback, transaction } = await visit(auth, emulator, { scopes: ["openid"], prompt: "consent", extra })
    const { accessToken } = await auth.exchange(callback, transaction)
    expect(await auth.introspect(accessToken, live)).toMatchObject({
      claims: { organizations: [zeta], sub_type: "user" },
    })
    const { url } = await auth.authorize({ extra: { organizations: [acme, zeta] } })
    expect(new URL(url).searchParams.getAll("organizations")).toEqual([acme, zeta])
    expect(await reasonOf(auth.authorize({ extra: { sub: acme } }))).toMatchObject({ field: "extra.sub" })
  })
})

describe("userInfo", () => {
  it("holds only the subject without the email scope, and checks the expected subject", async () => {
    const { accessToken } = await logIn(auth, emulator, { scopes: ["openid"] })
    expect(await auth.userInfo(accessToken)).toEqual({ subject: ada, claims: { sub: ada } })
    const other = auth.userInfo(accessToken, { expectedSubject: acme })
    expect(await reasonOf(other)).toEqual({ _tag: "InvalidToken", check: "subject" })
  })
})
