/** What every platform must say of good and bad tokens: run once for each way to check signatures. */
import * as fc from "fast-check"
import { describe, expect, test, vi } from "vitest"
import { confusions, wrongClaims } from "./hostile-tokens.ts"
import { claims, type SigningKey, signed, signingKey, token } from "./signing-keys.ts"
import { local, oryOf, profiles, vendor, verdict } from "./vendor.ts"

const inactive = { active: false }

const all = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]

/** Replaces the character at `index` by one that differs in `bit`. */
const flipped = (text: string, index: number, bit: number): string => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
  const changed = alphabet[alphabet.indexOf(text[index] ?? "") ^ (1 << bit)] ?? ""
  return text.slice(0, index) + changed + text.slice(index + 1)
}

/** A token whose signature begins with a zero byte, as one in 256 does. */
const beginsWithZero = async (key: SigningKey, tries = 0): Promise<{ good: string; cut: number; bytes: Buffer }> => {
  const good = await token(key, { jti: `token-${tries}` })
  const cut = good.lastIndexOf(".") + 1
  const bytes = Buffer.from(good.slice(cut), "base64url")
  return bytes[0] === 0 ? { good, cut, bytes } : beginsWithZero(key, tries + 1)
}

/** Describes the verdicts of one way to check signatures. */
export const verdicts = (door: "Web Crypto" | "node:crypto"): void => {
  const rsa = signingKey("RS256", "7a:f3:01")
  const other = signingKey("RS256", "7a:f3:01")

  describe.each(Object.entries(profiles))(`a token for %s, checked by ${door}`, (_, of) => {
    test("is active when the vendor signed it for us", async () => {
      expect(await local([rsa.jwk], await token(rsa), { of })).toMatchObject({
        active: true,
        use: "access_token",
        subject: "user-1",
        clientId: "app",
        audience: claims.aud,
        scopes: ["read", "write"],
      })
    })

    test.each(confusions(other))("that %s is inactive", async (_what, made) => {
      expect(await local([rsa.jwk], await made(rsa), { of })).toEqual(inactive)
    })

    test.each(wrongClaims)("that %s is inactive", async (_what, made) => {
      expect(await local([rsa.jwk], await made(rsa), { of })).toEqual(inactive)
    })

    test.each(["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"])("of typ %s is active", async (typ) => {
      expect(await local([rsa.jwk], await token(rsa, {}, { typ }), { of })).toMatchObject({ active: true })
    })
  })

  describe(`signatures checked by ${door}`, () => {
    const keys = new Map<string, SigningKey>(all.map((algorithm) => [algorithm, signingKey(algorithm)]))
    const keyOf = (algorithm: string): SigningKey => keys.get(algorithm) ?? rsa
    const every = all.map(keyOf).map(({ jwk }) => jwk)

    test("are checked there and nowhere else", async () => {
      using verify = vi.spyOn(crypto.subtle, "verify")
      expect(await local([rsa.jwk], await token(rsa))).toMatchObject({ active: true })
      expect(verify).toHaveBeenCalledTimes(door === "Web Crypto" ? 1 : 0)
    })

    test.each(all)("of %s hold, and only with their own key", async (algorithm) => {
      const key = keyOf(algorithm)
      expect(await local(every, await token(key))).toMatchObject({ active: true })
      const foreign = signingKey(algorithm)
      expect(await local(every, await token(foreign))).toEqual(inactive)
    })

    test.each(all)("of %s have one length and one spelling", async (algorithm) => {
      const good = await token(keyOf(algorithm))
      const cut = good.lastIndexOf(".") + 1
      const [head, signature] = [good.slice(0, cut), good.slice(cut)]
      const bytes = Buffer.from(signature, "base64url")
      const others = [
        bytes.subarray(0, -1).toString("base64url"),
        bytes.subarray(1).toString("base64url"),
        Buffer.concat([bytes, Buffer.from([0])]).toString("base64url"),
        Buffer.concat([Buffer.from([0]), bytes]).toString("base64url"),
        Buffer.alloc(bytes.length).toString("base64url"),
        "A",
        "AA",
        "AAAAA",
        signature.slice(0, -1),
        `${signature}A`,
        `${signature}=`,
        `${signature}==`,
        ` ${signature}`,
        `${signature}\n`,
        bytes.toString("base64"),
      ].filter((each) => each !== signature)
      for (const each of others) expect([each, await local(every, head + each)]).toEqual([each, inactive])
    })

    // It takes some hundred signatures to find one, and may take some thousand.
    test.each(all)("of %s that begin with a zero keep it", { timeout: 120_000 }, async (algorithm) => {
      const key = keyOf(algorithm)
      const { good, cut, bytes } = await beginsWithZero(key)
      const short = good.slice(0, cut) + bytes.subarray(1).toString("base64url")
      expect(await local(every, good)).toMatchObject({ active: true })
      expect(await local(every, short)).toEqual(inactive)
    })

    test.each(["ES256", "ES384", "ES512"])("of %s in DER do not count", async (algorithm) => {
      const { sign } = await import("node:crypto")
      const key = keyOf(algorithm)
      const good = await token(key)
      const input = good.slice(0, good.lastIndexOf("."))
      const der = sign(`sha${algorithm.slice(2)}`, Buffer.from(input), key.privateKey).toString("base64url")
      expect(await local(every, `${input}.${der}`)).toEqual(inactive)
    })

    test.each(["RS256", "ES256", "EdDSA"])("of %s break with any one bit of the token", async (algorithm) => {
      const key = keyOf(algorithm)
      const good = await token(key)
      const auth = oryOf(vendor(key.jwk))
      const bits = Array.from(good, (_, index) => index).filter((index) => good[index] !== ".")
      for (const index of bits)
        for (const bit of [0, 5]) {
          const state = await verdict(auth, flipped(good, index, bit))
          expect([index, bit, state]).toEqual([index, bit, inactive])
        }
    })

    test("of RSA keys under 2048 bits do not count", async () => {
      const weak = signingKey("RS256", "weak", 1024)
      expect(await local([weak.jwk], signed(weak, {}))).toEqual(inactive)
    })

    test("never throw, whatever the key set holds", async () => {
      const strange = [
        { ...rsa.jwk, n: "AA" },
        { ...rsa.jwk, n: "" },
        { ...rsa.jwk, n: 7 },
        { ...rsa.jwk, e: "" },
        { ...rsa.jwk, e: "AA" },
        { ...rsa.jwk, n: Buffer.alloc(256, 0xfe).toString("base64url") },
        { kty: "RSA", kid: "7a:f3:01" },
        { kty: "oct", kid: "7a:f3:01" },
        { ...rsa.jwk, kty: "EC", crv: "P-256", x: "AA", y: "AA" },
      ]
      const good = await token(rsa)
      for (const jwk of strange) expect([jwk, await local([jwk], good)]).toEqual([jwk, inactive])
    })

    test("are of no use to a key of another algorithm, use or type", async () => {
      const good = await token(rsa)
      const ec = keyOf("ES256").jwk
      const unfit = [
        { ...rsa.jwk, alg: "RS512" },
        { ...rsa.jwk, alg: "PS256" },
        { ...rsa.jwk, alg: "RSA-OAEP-256" },
        { ...rsa.jwk, use: "enc" },
        { ...ec, kid: rsa.jwk.kid ?? "", alg: "RS256" },
      ]
      for (const jwk of unfit) expect([jwk, await local([jwk], good)]).toEqual([jwk, inactive])
    })

    test("hold with a key that says nothing of its algorithm and use", async () => {
      for (const algorithm of all) {
        const { alg: _alg, use: _use, ...jwk } = keyOf(algorithm).jwk
        expect([algorithm, await local([jwk], await token(keyOf(algorithm)))]).toMatchObject([
          algorithm,
          { active: true },
        ])
      }
    })

    test("of a strange text are never good, and never throw", async () => {
      const good = await token(rsa)
      const [head = "", body = "", signature = ""] = good.split(".")
      const text = fc.oneof(
        fc.string({ unit: "binary" }),
        fc.string(),
        fc.tuple(fc.base64String(), fc.base64String(), fc.base64String()).map((parts) => `eyJ${parts.join(".")}`),
        fc.base64String().map((each) => `${head}.${body}.${each.replaceAll("=", "")}`),
        fc.string().map((each) => `${head}.${body}.${each}`),
        fc.string().map((each) => `${head}.${each}.${signature}`),
        fc
          .jsonValue()
          .map((value) => `${Buffer.from(JSON.stringify(value)).toString("base64url")}.${body}.${signature}`),
      )
      const auth = oryOf(vendor(rsa.jwk))
      await fc.assert(
        fc.asyncProperty(text, async (each) => {
          fc.pre(each !== good)
          expect(await verdict(auth, each)).toEqual(inactive)
        }),
        { numRuns: 300 },
      )
    })
  })
}
