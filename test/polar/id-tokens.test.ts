import { createPublicKey, verify } from "node:crypto"
import { decodeProtectedHeader } from "jose"
import { makeBrowser, type PolarReadings } from "@latchkey/testing"
import { describe, expect, it } from "vitest"
import { ada, answerNext, logIn, open, reasonOf, shop, start, visit } from "./account.ts"

describe("the server's keys", () => {
  it("are several, and the ID token names its own", async () => {
    await using emulator = await start()
    await using auth = open(emulator)
    const { idToken = "" } = await logIn(auth, emulator)
    const { kid } = decodeProtectedHeader(idToken)
    const { keys } = await auth.metadata.keys()
    expect(keys.length).toBeGreaterThan(1)
    expect(keys.filter((key) => key.kid === kid)).toHaveLength(1)
    emulator.rotateKeys()
    const second = decodeProtectedHeader((await logIn(auth, emulator)).idToken ?? "")
    expect(second.kid).not.toBe(kid)
    expect((await auth.metadata.keys()).keys.map((key) => key.kid)).toEqual(expect.arrayContaining([kid, second.kid]))
  })

  it("need not be named by the ID token, nor name their algorithm", async () => {
    await using emulator = await start({ drift: "source" })
    await using auth = open(emulator)
    const { idToken = "", idClaims } = await logIn(auth, emulator)
    expect(decodeProtectedHeader(idToken)).toEqual({ typ: "JWT", alg: "RS256" })
    expect(idClaims).toMatchObject({ sub: ada, aud: [shop.clientId] })
    const { keys } = await auth.metadata.keys()
    const [header, claims, signature = ""] = idToken.split(".")
    const signed = Buffer.from(`${header}.${claims}`)
    const fits = keys.map(({ kty, n, e }) => {
      const key = createPublicKey({ key: { kty, n: String(n), e: String(e) }, format: "jwk" })
      return verify("sha256", signed, key, Buffer.from(signature, "base64url"))
    })
    expect(fits).toContain(true)
    expect(keys.some((key) => "alg" in key)).toBe(false)
  })
})

describe.each(["null", "omitted"] as const)("a nonce that was not sent, %s in the ID token", (absentNonce) => {
  it("does no harm, for one is always sent and must come back", async () => {
    const readings: Partial<PolarReadings> = { absentNonce }
    await using emulator = await start({ readings })
    await using auth = open(emulator)
    const { back, transaction } = await visit(auth, emulator)
    expect(back.searchParams.has("code")).toBe(true)
    expect((await auth.exchange(back, transaction)).idClaims?.nonce).toBe(transaction.nonce)
  })

  it("is not the nonce of a login", async () => {
    await using emulator = await start({ readings: { absentNonce } })
    await using auth = open(emulator)
    const { url, transaction } = await auth.authorize({ scopes: ["openid"] })
    const without = new URL(url)
    without.searchParams.delete("nonce")
    const back = await makeBrowser().go(without.href, [emulator.apiUrl, new URL(emulator.authorizeUrl).origin])
    const reason = await reasonOf(auth.exchange(back, transaction))
    expect(reason).toMatchObject({ _tag: "UnexpectedResponse" })
  })
})

describe("an answer without an ID token", () => {
  it("is no login, where openid was asked for", async () => {
    await using emulator = await start()
    await using auth = open(emulator)
    const { back, transaction } = await visit(auth, emulator)
    answerNext(emulator, "/v1/oauth2/token", { access_token: "polar_at_u_x", token_type: "Bearer", expires_in: 60 })
    expect(await reasonOf(auth.exchange(back, transaction))).toMatchObject({ _tag: "UnexpectedResponse" })
  })
})
