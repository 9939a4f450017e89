import { createPublicKey, verify } from "node:crypto"
import { makeBrowser, type PolarReadings } from "@latchkey/testing"
import { decodeProtectedHeader } from "jose"
import { describe, expect, it } from "vitest"
import { ada, logIn, open, reasonOf, respondNext, shop, start, visit } from "./setup.ts"

describe("the server's keys", () => {
  it("are several, and the ID token names one by kid", async () => {
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

  it("may lack alg, and the ID token may lack kid", async () => {
    await using emulator = await start({ drift: "source" })
    await using auth = open(emulator)
    const { idToken = "", idClaims } = await logIn(auth, emulator)
    expect(decodeProtectedHeader(idToken)).toEqual({ typ: "JWT", alg: "RS256" })
    expect(idClaims).toMatchObject({ sub: ada, aud: [shop.clientId] })
    const { keys } = await auth.metadata.keys()
    const [header, claims, signature = ""] = idToken.split(".")
    const signed = Buffer.from(`${header}.${claims}`)
    const verified = keys.map(({ kty, n, e }) => {
      const key = createPublicKey({ key: { kty, n: String(n), e: String(e) }, format: "jwk" })
      return verify("sha256", signed, key, Buffer.from(signature, "base64url"))
    })
    expect(verified).toContain(true)
    expect(keys.some((key) => "alg" in key)).toBe(false)
  })
})

describe.each(["null", "omitted"] as const)("a nonce that Polar leaves %s because none was sent", (absentNonce) => {
  it("does not affect a login, which always sends a nonce and compares it", async () => {
    const readings: Partial<PolarReadings> = { absentNonce }
    await using emulator = await start({ readings })
    await using auth = open(emulator)
    const { callback, transaction } = await visit(auth, emulator)
    expect(callback.searchParams.has("code")).toBe(true)
    expect((await auth.exchange(callback, transaction)).idClaims?.nonce).toBe(transaction.nonce)
  })

  it("is rejected in a login", async () => {
    await using emulator = await start({ readings: { absentNonce } })
    await using auth = open(emulator)
    const { url, transaction } = await auth.authorize({ scopes: ["openid"] })
    const without = new URL(url)
    without.searchParams.delete("nonce")
    const callback = await makeBrowser().go(without.href, [emulator.apiUrl, new URL(emulator.authorizeUrl).origin])
    const reason = await reasonOf(auth.exchange(callback, transaction))
    expect(reason).toMatchObject({ _tag: "UnexpectedResponse" })
  })
})

describe("a token response without an ID token", () => {
  it("is UnexpectedResponse when openid was requested", async () => {
    await using emulator = await start()
    await using auth = open(emulator)
    const { callback, transaction } = await visit(auth, emulator)
    respondNext(emulator, "/v1/oauth2/token", { access_token: "polar_at_u_x", token_type: "Bearer", expires_in: 60 })
    expect(await reasonOf(auth.exchange(callback, transaction))).toMatchObject({ _tag: "UnexpectedResponse" })
  })
})
