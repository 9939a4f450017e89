import type { PolarEmulator } from "@latchkey/testing"
import { UnsecuredJWT } from "jose"
import { describe, expect, it } from "vitest"
import { ada, logIn, open, reasonOf, redirectUri, respondNext, shop, start, visit } from "./setup.ts"

const formerIssuer = "https://polar.sh"
const unknownIssuer = "https://api.polar.example"

/** The server after and before its issuer changed, and a mixture: the issuer in metadata, tokens and callback. */
const states = [
  { name: "today", options: {}, discovery: "api", tokens: "api", callback: "api" },
  {
    name: "as in its source",
    options: { drift: "source" },
    discovery: formerIssuer,
    tokens: formerIssuer,
    callback: null,
  },
  {
    name: "today with the former issuer in tokens",
    options: { readings: { tokenIssuer: "constant" } },
    discovery: "api",
    tokens: formerIssuer,
    callback: "api",
  },
] as const

describe.each(states)("the server $name", ({ options, ...expected }) => {
  it("has its issuer accepted in metadata, callback, ID token and introspection", async () => {
    await using emulator = await start(options)
    await using auth = open(emulator)
    const issuerOf = (name: string | null) => (name === "api" ? emulator.apiUrl : name)
    expect((await auth.metadata.discover()).issuer).toBe(issuerOf(expected.discovery))
    const { callback, transaction } = await visit(auth, emulator)
    expect(callback.searchParams.get("iss")).toBe(issuerOf(expected.callback))
    const { accessToken, idClaims } = await auth.exchange(callback, transaction)
    expect(idClaims).toMatchObject({ iss: issuerOf(expected.tokens), sub: ada })
    expect(await auth.introspect(accessToken)).toMatchObject({ active: true, issuer: issuerOf(expected.tokens) })
  })

  it("may name either issuer in the callback, and no third one", async () => {
    await using emulator = await start(options)
    await using auth = open(emulator)
    const { requests } = emulator
    for (const [iss, accepted] of [
      [emulator.apiUrl, true],
      [formerIssuer, true],
      [unknownIssuer, false],
      [`${formerIssuer}/`, false],
    ] as const) {
      const { callback, transaction } = await visit(auth, emulator)
      callback.searchParams.set("iss", iss)
      const before = requests.length
      const exchange = auth.exchange(callback, transaction)
      if (accepted) expect((await exchange).accessToken).toMatch(/^polar_at_u_/)
      else expect(await reasonOf(exchange)).toMatchObject({ _tag: "InvalidCallback", check: "issuer" })
      // A rejected callback leads to no request.
      expect(requests.length > before).toBe(accepted)
    }
  })
})

describe("a third issuer", () => {
  const discoveredIssuer = async (issuer: string) => {
    await using emulator = await start()
    await using auth = open(emulator)
    respondNext(emulator, "/.well-known/openid-configuration", { issuer })
    return (await auth.metadata.discover()).issuer
  }

  it("is rejected in a metadata document", async () => {
    expect(await discoveredIssuer(formerIssuer)).toBe(formerIssuer)
    for (const issuer of [unknownIssuer, `${formerIssuer}/`, "https://sandbox.polar.sh", "https://api.polar.sh"])
      expect(await reasonOf(discoveredIssuer(issuer))).toMatchObject({ _tag: "UnexpectedResponse", path: "issuer" })
  })

  /** Exchanges a code for a token response whose ID token has this `iss`. */
  const exchanged = async (emulator: PolarEmulator, iss: string) => {
    await using auth = open(emulator)
    const { callback, transaction } = await visit(auth, emulator)
    const token = new UnsecuredJWT({ nonce: transaction.nonce, sub: ada }).setAudience([shop.clientId]).setIssuer(iss)
    // The signature is not checked, because the token comes from the token endpoint over TLS.
    const [, claims] = token.setIssuedAt().setExpirationTime("1h").encode().split(".")
    const header = Buffer.from('{"alg":"RS256"}').toString("base64url")
    const tokens = { access_token: "polar_at_u_x", token_type: "Bearer", expires_in: 60, scope: "openid" }
    respondNext(emulator, "/v1/oauth2/token", { ...tokens, id_token: `${header}.${claims}.c2lnbmF0dXJl` })
    return await auth.exchange(callback, transaction)
  }

  it("is rejected in an ID token, without a second token request", async () => {
    await using emulator = await start()
    for (const iss of [emulator.apiUrl, formerIssuer])
      expect((await exchanged(emulator, iss)).idClaims).toMatchObject({ iss })
    const sent = emulator.requests.filter(({ path }) => path === "/v1/oauth2/token").length
    expect(sent).toBe(2)
    expect(await reasonOf(exchanged(emulator, unknownIssuer))).toMatchObject({
      _tag: "UnexpectedResponse",
      path: "id_token",
    })
    expect(emulator.requests.filter(({ path }) => path === "/v1/oauth2/token")).toHaveLength(sent + 1)
  })

  it("in an introspection response is an error that shows every issuer", async () => {
    await using emulator = await start()
    await using auth = open(emulator)
    const introspected = (iss: string) => {
      respondNext(emulator, "/v1/oauth2/introspect", { active: true, sub: ada, client_id: shop.clientId, iss })
      return auth.introspect("polar_at_u_x", { freshness: "live" })
    }
    expect(await introspected(emulator.apiUrl)).toMatchObject({ active: true })
    expect(await introspected(formerIssuer)).toMatchObject({ active: true })
    expect(await reasonOf(introspected(unknownIssuer))).toMatchObject({
      _tag: "UnexpectedResponse",
      path: "iss",
      detail: `found issuer "${unknownIssuer}", expected "${emulator.apiUrl}" or "${formerIssuer}"`,
    })
  })

  it("is rejected in a transaction", async () => {
    await using emulator = await start()
    await using auth = open(emulator)
    const { callback, transaction } = await visit(auth, emulator)
    const foreign = { ...transaction, issuer: unknownIssuer }
    expect(await reasonOf(auth.exchange(callback, foreign))).toMatchObject({ _tag: "InvalidCallback", check: "issuer" })
    expect(transaction).toMatchObject({ issuer: emulator.apiUrl, redirectUri })
    await logIn(auth, emulator)
  })
})
