import { makeBrowser, type PolarEmulator, type PolarReadings } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { defaultReadings } from "../../packages/testing/src/emulator/polar/readings.ts"
import { ada, app, logIn, open, type PolarAuth, reasonOf, refreshTokenOf, start, visit } from "./setup.ts"

/** The less likely reading of every inferred behaviour of Polar; a missing member does not compile. */
const lessLikely: { readonly [Name in keyof PolarReadings]: PolarReadings[Name] } = {
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

const oneByOne = Object.entries(lessLikely).map(([name, value]) => ({
  title: `${name}: ${value}`,
  readings: { [name]: value },
}))
const variants = (["production", "source"] as const).flatMap((drift) => [
  { title: "the likelier readings", drift, readings: {} },
  ...oneByOne.map((each) => ({ ...each, drift })),
  { title: "every other reading at once", drift, readings: lessLikely },
])

/** Milliseconds; far more than the lag, far less than the accepted clock skew. */
const step = 100

const live = { freshness: "live" } as const

describe.each(variants)("Polar as in $drift, with $title", ({ drift, readings }) => {
  let emulator: PolarEmulator
  let auth: PolarAuth
  let clock = Date.now()
  /** Moves the server's clock on, so that a lagging write becomes visible. */
  const afterLag = <A>(answer: A): A => {
    clock += step
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
    const first = afterLag(await logIn(auth, emulator))
    expect(first).toMatchObject({ tokenType: "bearer", scopes: ["openid", "email"], idClaims: { sub: ada } })
    expect(await auth.introspect(first.accessToken, live)).toMatchObject({
      ...{ active: true, use: "access_token", subject: ada, subjectType: "user", scopes: ["openid", "email"] },
    })
    const second = afterLag(await auth.refresh(refreshTokenOf(first)))
    expect(await auth.introspect(first.accessToken, live)).toEqual({ active: false })
    const user = { subject: ada, email: "ada@example.com", emailVerified: true }
    expect(await auth.userInfo(second.accessToken, { expectedSubject: ada })).toMatchObject(user)
    afterLag(await auth.revoke(refreshTokenOf(second)))
    expect(await auth.introspect(second.accessToken, live)).toEqual({ active: false })
    expect((await reasonOf(auth.userInfo(second.accessToken)))._tag).toBe("InvalidToken")
    expect((await reasonOf(auth.refresh(refreshTokenOf(second))))._tag).toBe("InvalidGrant")
    expect((await auth.metadata.keys()).keys.length).toBeGreaterThan(0)
    await auth.metadata.discover()
  })

  it("a client lives from registration to removal", async () => {
    const redirectUris = ["https://shop.example", "https://shop.example/cb"]
    const record = { name: "Shop", redirectUris, scopes: ["openid"], extra: { tos_uri: "https://shop.example" } }
    const created = await auth.clients.create(record)
    expect(await auth.clients.get(created)).toMatchObject({
      clientId: created.clientId,
      name: "Shop",
      scopes: ["openid"],
    })
    const replaced = await auth.clients.replace({ client: created, record: { ...record, name: "Store" } })
    expect(replaced).toMatchObject({ name: "Store", scopes: ["openid"] })
    const patched = await auth.clients.patch({ client: replaced, changes: { redirectUris: ["https://shop.example"] } })
    expect(patched.redirectUris.map((uri) => new URL(uri).href)).toEqual(["https://shop.example/"])
    await auth.clients.remove(patched)
    expect((await reasonOf(auth.clients.get(patched)))._tag).toBe("InvalidToken")
  })

  it("a second login in the same browser succeeds, and prompt none in a new browser is InteractionRequired", async () => {
    const browser = makeBrowser()
    for (const request of [{ scopes: ["openid"] }, { scopes: ["openid"] }, { scopes: ["email"] }]) {
      const { callback, transaction } = await visit(auth, emulator, request, browser)
      const tokens = afterLag(await auth.exchange(afterLag(callback), transaction))
      expect(tokens.scopes).toEqual(request.scopes)
    }
    const silent = await visit(auth, emulator, { scopes: ["openid"], prompt: "none" })
    const reason = await reasonOf(auth.exchange(silent.callback, silent.transaction))
    expect(reason).toEqual({ _tag: "InteractionRequired", code: "login_required" })
  })

  it("a public client logs in and refreshes", async () => {
    await using publicAuth = open(emulator, app)
    const tokens = afterLag(await logIn(publicAuth, emulator))
    expect((await publicAuth.refresh(refreshTokenOf(tokens))).scopes).toEqual(["openid", "email"])
  })
})

describe("a less likely reading", () => {
  it("differs from the default of at least one state", () => {
    for (const [name, value] of Object.entries(lessLikely)) {
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
