import { UnsecuredJWT } from "jose"
import type { PolarEmulator } from "@latchkey/testing"
import { describe, expect, it } from "vitest"
import { ada, answerNext, logIn, open, reasonOf, redirectUri, shop, start, visit } from "./account.ts"

const former = "https://polar.sh"
const stranger = "https://api.polar.example"

/** Both states of the server, and both at once: what discovery says, and what tokens say. */
const states = [
  { name: "today", options: {}, discovery: "api", tokens: "api", callback: "api" },
  { name: "as its source was", options: { drift: "source" }, discovery: former, tokens: former, callback: null },
  {
    name: "today, with tokens as they were",
    options: { readings: { tokenIssuer: "constant" } },
    discovery: "api",
    tokens: former,
    callback: "api",
  },
] as const

describe.each(states)("the server $name", ({ options, ...expected }) => {
  it("is believed in discovery, callback, ID token and introspection", async () => {
    await using emulator = await start(options)
    await using auth = open(emulator)
    const nameOf = (name: string | null) => (name === "api" ? emulator.apiUrl : name)
    expect((await auth.metadata.discover()).issuer).toBe(nameOf(expected.discovery))
    const { back, transaction } = await visit(auth, emulator)
    expect(back.searchParams.get("iss")).toBe(nameOf(expected.callback))
    const { accessToken, idClaims } = await auth.exchange(back, transaction)
    expect(idClaims).toMatchObject({ iss: nameOf(expected.tokens), sub: ada })
    expect(await auth.introspect(accessToken)).toMatchObject({ active: true, issuer: nameOf(expected.tokens) })
  })

  it("sent its browser here with either name in the redirect, and none that is a third one", async () => {
    await using emulator = await start(options)
    await using auth = open(emulator)
    const { requests } = emulator
    for (const [iss, accepted] of [
      [emulator.apiUrl, true],
      [former, true],
      [stranger, false],
      [`${former}/`, false],
    ] as const) {
      const { back, transaction } = await visit(auth, emulator)
      back.searchParams.set("iss", iss)
      const before = requests.length
      const exchange = auth.exchange(back, transaction)
      if (accepted) expect((await exchange).accessToken).toMatch(/^polar_at_u_/)
      else expect(await reasonOf(exchange)).toEqual({ _tag: "InvalidCallback", check: "issuer" })
      // What is refused is refused before the code is used.
      expect(requests.length > before).toBe(accepted)
    }
  })
})

describe("a third issuer", () => {
  const discovered = async (issuer: string) => {
    await using emulator = await start()
    await using auth = open(emulator)
    answerNext(emulator, "/.well-known/openid-configuration", { issuer })
    return (await auth.metadata.discover()).issuer
  }

  it("is refused in discovery", async () => {
    expect(await discovered(former)).toBe(former)
    for (const issuer of [stranger, `${former}/`, "https://sandbox.polar.sh", "https://api.polar.sh"])
      expect(await reasonOf(discovered(issuer))).toMatchObject({ _tag: "UnexpectedResponse", path: "issuer" })
  })

  /** Exchanges a code for an answer of ours, whose ID token names an issuer. */
  const exchanged = async (emulator: PolarEmulator, iss: string) => {
    await using auth = open(emulator)
    const { back, transaction } = await visit(auth, emulator)
    const token = new UnsecuredJWT({ nonce: transaction.nonce, sub: ada }).setAudience([shop.clientId]).setIssuer(iss)
    // The token came over TLS from the token endpoint: nobody looks at the signature, only at what it says.
    const [, claims] = token.setIssuedAt().setExpirationTime("1h").encode().split(".")
    const header = Buffer.from('{"alg":"RS256"}').toString("base64url")
    const tokens = { access_token: "polar_at_u_x", token_type: "Bearer", expires_in: 60, scope: "openid" }
    answerNext(emulator, "/v1/oauth2/token", { ...tokens, id_token: `${header}.${claims}.c2lnbmF0dXJl` })
    return await auth.exchange(back, transaction)
  }

  it("is refused in an ID token, and the code is not sent again for that", async () => {
    await using emulator = await start()
    for (const iss of [emulator.apiUrl, former])
      expect((await exchanged(emulator, iss)).idClaims).toMatchObject({ iss })
    const sent = emulator.requests.filter(({ path }) => path === "/v1/oauth2/token").length
    expect(sent).toBe(2)
    expect(await reasonOf(exchanged(emulator, stranger))).toMatchObject({
      _tag: "UnexpectedResponse",
      path: "id_token",
    })
    expect(emulator.requests.filter(({ path }) => path === "/v1/oauth2/token")).toHaveLength(sent + 1)
  })

  it("makes an introspected token inactive", async () => {
    await using emulator = await start()
    await using auth = open(emulator)
    const answered = (iss: string) => {
      answerNext(emulator, "/v1/oauth2/introspect", { active: true, sub: ada, client_id: shop.clientId, iss })
      return auth.introspect("polar_at_u_x", { freshness: "live" })
    }
    expect(await answered(emulator.apiUrl)).toMatchObject({ active: true })
    expect(await answered(former)).toMatchObject({ active: true })
    expect(await answered(stranger)).toEqual({ active: false })
  })

  it("is another one's transaction", async () => {
    await using emulator = await start()
    await using auth = open(emulator)
    const { back, transaction } = await visit(auth, emulator)
    const foreign = { ...transaction, issuer: stranger }
    expect(await reasonOf(auth.exchange(back, foreign))).toEqual({ _tag: "InvalidCallback", check: "issuer" })
    expect(transaction).toMatchObject({ issuer: emulator.apiUrl, redirectUri })
    await logIn(auth, emulator)
  })
})
