import { makeBrowser, type PolarEmulator, type PolarReadings } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { defaultReadings } from "../../packages/testing/src/emulator/polar/readings.ts"
import { ada, app, logIn, open, type PolarAuth, reasonOf, refreshTokenOf, start, visit } from "./account.ts"

/** Every point where Polar's behaviour is inferred, the other way: a point that is not here does not compile. */
const otherWay: { readonly [Name in keyof PolarReadings]: PolarReadings[Name] } = {
  tokenIssuer: "constant",
  absentNonce: "omitted",
  consentedOrganizations: "kept",
  silentConsent: "code",
  anonymousAuthorize: "login",
  deletedClientTokens: "live",
  blockedUserIntrospection: "inactive",
  registeredUris: "verbatim",
  wrongSlash: "missing",
  publishedAlg: "present",
  commitLagMs: 50,
}

const single = Object.entries(otherWay).map(([name, value]) => ({
  title: `${name}: ${value}`,
  readings: { [name]: value },
}))
const worlds = (["production", "source"] as const).flatMap((drift) => [
  { title: "the likelier readings", drift, readings: {} },
  ...single.map((each) => ({ ...each, drift })),
  { title: "every other reading at once", drift, readings: otherWay },
])

/** Far more than the lag, far less than the clocks may differ by. */
const moment = 100

const live = { freshness: "live" } as const

describe.each(worlds)("$drift, with $title", ({ drift, readings }) => {
  let emulator: PolarEmulator
  let auth: PolarAuth
  let clock = Date.now()
  /** We hold the server's clock, so that what lags is there when we say so. */
  const settle = <A>(answer: A): A => {
    clock += moment
    return answer
  }
  beforeAll(async () => {
    emulator = await start({ drift, readings, now: () => clock })
    auth = open(emulator)
  })
  afterAll(async () => {
    await auth.close()
    await emulator.close()
  })

  it("a token lives from login to revocation", async () => {
    const first = settle(await logIn(auth, emulator))
    expect(first).toMatchObject({ tokenType: "bearer", scopes: ["openid", "email"], idClaims: { sub: ada } })
    expect(await auth.introspect(first.accessToken, live)).toMatchObject({
      ...{ active: true, use: "access_token", subject: ada, subjectType: "user", scopes: ["openid", "email"] },
    })
    const second = settle(await auth.refresh(refreshTokenOf(first)))
    expect(await auth.introspect(first.accessToken, live)).toEqual({ active: false })
    const user = { subject: ada, email: "ada@example.com", emailVerified: true }
    expect(await auth.userInfo(second.accessToken, { expectedSubject: ada })).toMatchObject(user)
    settle(await auth.revoke(refreshTokenOf(second)))
    expect(await auth.introspect(second.accessToken, live)).toEqual({ active: false })
    expect((await reasonOf(auth.userInfo(second.accessToken)))._tag).toBe("InvalidToken")
    expect((await reasonOf(auth.refresh(refreshTokenOf(second))))._tag).toBe("InvalidGrant")
    expect((await auth.metadata.keys()).keys.length).toBeGreaterThan(0)
    await auth.metadata.discover()
  })

  it("a client lives from registration to removal", async () => {
    const redirectUris = ["https://shop.example", "https://shop.example/cb"]
    const record = { name: "Shop", redirectUris, scopes: ["openid"], extra: { tos_uri: "https://shop.example" } }
    const made = await auth.clients.create(record)
    expect(await auth.clients.get(made)).toMatchObject({ clientId: made.clientId, name: "Shop", scopes: ["openid"] })
    const replaced = await auth.clients.replace({ client: made, record: { ...record, name: "Store" } })
    expect(replaced).toMatchObject({ name: "Store", scopes: ["openid"] })
    const patched = await auth.clients.patch({ client: replaced, changes: { redirectUris: ["https://shop.example"] } })
    expect(patched.redirectUris.map((uri) => new URL(uri).href)).toEqual(["https://shop.example/"])
    await auth.clients.remove(patched)
    expect((await reasonOf(auth.clients.get(patched)))._tag).toBe("InvalidToken")
  })

  it("a second login in the same browser goes well, and so does one without a word about who it is", async () => {
    const browser = makeBrowser()
    for (const request of [{ scopes: ["openid"] }, { scopes: ["openid"] }, { scopes: ["email"] }]) {
      const { back, transaction } = await visit(auth, emulator, request, browser)
      const tokens = settle(await auth.exchange(settle(back), transaction))
      expect(tokens.scopes).toEqual(request.scopes)
    }
    const silent = await visit(auth, emulator, { scopes: ["openid"], prompt: "none" })
    const refused = await reasonOf(auth.exchange(silent.back, silent.transaction))
    expect(refused).toEqual({ _tag: "InteractionRequired", code: "login_required" })
  })

  it("a public client logs in and refreshes", async () => {
    await using own = open(emulator, app)
    const tokens = settle(await logIn(own, emulator))
    expect((await own.refresh(refreshTokenOf(tokens))).scopes).toEqual(["openid", "email"])
  })
})

describe("the other readings", () => {
  it("are each another one than at least one of the two states has", () => {
    for (const [name, value] of Object.entries(otherWay)) {
      const defaults = Object.values(defaultReadings).map(
        (each) => Object.entries(each).find(([key]) => key === name)?.[1],
      )
      expect(
        defaults.every((each) => each === value),
        name,
      ).toBe(false)
    }
  })
})
