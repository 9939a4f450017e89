/** Tests of valid and invalid tokens, run once for each implementation of signature verification. */
import * as fc from "fast-check"
import { describe, expect, test, vi } from "vitest"
import { confusions, wrongClaims } from "./hostile-tokens.ts"
import { claims, type SigningKey, signed, signingKey, token } from "./signing-keys.ts"
import { local, oryOf, profiles, vendor, verdict } from "./vendor.ts"

const inactive = { active: false }

const algorithmNames = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]

/** Replaces the character at `index` with one whose base64url value differs in one bit. */
const flipped = (text: string, index: number, bit: number): string => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
  const changed = alphabet[alphabet.indexOf(text[index] ?? "") ^ (1 << bit)] ?? ""
  return text.slice(0, index) + changed + text.slice(index + 1)
}

/** Makes a token whose signature begins with a zero byte, which one in 256 does. */
const withLeadingZero = async (key: SigningKey, tries = 0): Promise<{ good: string; cut: number; bytes: Buffer }> => {
  const good = await token(key, { jti: `token-${tries}` })
  const cut = good.lastIndexOf(".") + 1
  const bytes = Buffer.from(good.slice(cut), "base64url")
  return bytes[0] === 0 ? { good, cut, bytes } : withLeadingZero(key, tries + 1)
}

/** Tests one implementation of signature verification. */
export const verdicts = (implementation: "Web Crypto" | "node:crypto"): void => {
  const rsa = signingKey("RS256", "7a:f3:01")
  const other = signingKey("RS256", "7a:f3:01")

  describe.each(Object.entries(profiles))(`a token for %s, verified by ${implementation}`, (_, open) => {
    test("is active when the vendor signed it for the configured audience", async () => {
      expect(await local([rsa.jwk], await token(rsa), { open })).toMatchObject({
        active: true,
        use: "access_token",
        subject: "user-1",
        clientId: "app",
        audience: claims.aud,
        scopes: ["read", "write"],
      })
    })

    test.each(confusions(other))("that %s is inactive", async (_what, makeToken) => {
      expect(await local([rsa.jwk], await makeToken(rsa), { open })).toEqual(inactive)
    })

    test.each(wrongClaims)("that %s is inactive", async (_what, makeToken) => {
      expect(await local([rsa.jwk], await makeToken(rsa), { open })).toEqual(inactive)
    })

    test.each(["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"])("with typ %s is active", async (typ) => {
      expect(await local([rsa.jwk], await token(rsa, {}, { typ }), { open })).toMatchObject({ active: true })
    })
  })

  describe(`signatures verified by ${implementation}`, () => {
    const keys = new Map<string, SigningKey>(algorithmNames.map((algorithm) => [algorithm, signingKey(algorithm)]))
    const keyOf = (algorithm: string): SigningKey => keys.get(algorithm) ?? rsa
    const keySet = algorithmNames.map(keyOf).map(({ jwk }) => jwk)

    test("are verified by that implementation only", async () => {
      using verify = vi.spyOn(crypto.subtle, "verify")
      expect(await local([rsa.jwk], await token(rsa))).toMatchObject({ active: true })
      expect(verify).toHaveBeenCalledTimes(implementation === "Web Crypto" ? 1 : 0)
    })

    test.each(algorithmNames)("of %s are valid with their own key only", async (algorithm) => {
      const key = keyOf(algorithm)
      expect(await local(keySet, await token(key))).toMatchObject({ active: true })
      const foreign = signingKey(algorithm)
      expect(await local(keySet, await token(foreign))).toEqual(inactive)
    })

    test.each(algorithmNames)("of %s are valid in one length and one encoding only", async (algorithm) => {
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
      for (const each of others) expect([each, await local(keySet, head + each)]).toEqual([each, inactive])
    })

    // The search takes hundreds of signatures, and sometimes thousands.
    test.each(algorithmNames)(
      "of %s that begin with a zero byte are invalid without it",
      { timeout: 120_000 },
      async (algorithm) => {
        const key = keyOf(algorithm)
        const { good, cut, bytes } = await withLeadingZero(key)
        const short = good.slice(0, cut) + bytes.subarray(1).toString("base64url")
        expect(await local(keySet, good)).toMatchObject({ active: true })
        expect(await local(keySet, short)).toEqual(inactive)
      },
    )

    test.each(["ES256", "ES384", "ES512"])("of %s in DER are invalid", async (algorithm) => {
      const { sign } = await import("node:crypto")
      const key = keyOf(algorithm)
      const good = await token(key)
      const input = good.slice(0, good.lastIndexOf("."))
      const der = sign(`sha${algorithm.slice(2)}`, Buffer.from(input), key.privateKey).toString("base64url")
      expect(await local(keySet, `${input}.${der}`)).toEqual(inactive)
    })

    test.each(["RS256", "ES256", "EdDSA"])(
      "of %s are invalid after a change of one bit in any character of the token",
      async (algorithm) => {
        const key = keyOf(algorithm)
        const good = await token(key)
        const auth = oryOf(vendor(key.jwk))
        const bits = Array.from(good, (_, index) => index).filter((index) => good[index] !== ".")
        for (const index of bits)
          for (const bit of [0, 5]) {
            const state = await verdict(auth, flipped(good, index, bit))
            expect([index, bit, state]).toEqual([index, bit, inactive])
          }
      },
    )

    test("of RSA keys under 2048 bits are invalid", async () => {
      const weak = signingKey("RS256", "weak", 1024)
      expect(await local([weak.jwk], signed(weak, {}))).toEqual(inactive)
    })

    test("are invalid, without an exception, with malformed keys", async () => {
      const malformed = [
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
      const usable = keyOf("ES256").jwk
      for (const jwk of malformed) expect([jwk, await local([jwk, usable], good)]).toEqual([jwk, inactive])
    })

    test("are invalid with a key of another algorithm, use or type", async () => {
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

    test("are valid with a key that has no alg and no use", async () => {
      for (const algorithm of algorithmNames) {
        const { alg: _alg, use: _use, ...jwk } = keyOf(algorithm).jwk
        expect([algorithm, await local([jwk], await token(keyOf(algorithm)))]).toMatchObject([
          algorithm,
          { active: true },
        ])
      }
    })

    test("in arbitrary text are invalid, without an exception", async () => {
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
