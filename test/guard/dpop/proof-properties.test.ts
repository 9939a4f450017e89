import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { makeProofs } from "../../../src/guard/dpop.ts"
import { signed } from "../../jwt/signing-keys.ts"
import { claims, clientKey, proof, request } from "./proof-maker.ts"

const key = await clientKey()
const rsa = await clientKey("RS256")
const { check } = makeProofs({ replay: "external" }, "3 seconds")
const judged = (text: string) => check(text, { ...request, now: Date.now() })

const json = fc.jsonValue({ maxDepth: 2 })
const base64url = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString("base64url"))

/** Characters that proofs are made of, and others. */
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."abcXYZ019-_.,= ") }),
  fc.tuple(base64url, base64url, base64url).map((parts) => parts.join(".")),
)

const member = fc.constantFrom("kty", "crv", "x", "y", "n", "e", "d", "use", "key_ops", "alg")

/** Any value in any place of the header. */
const header = fc.record({
  typ: fc.oneof({ weight: 9, arbitrary: fc.constant("dpop+jwt") }, json),
  alg: fc.constantFrom("ES256", "RS256", "PS256", "EdDSA", "ES512", "none", "HS256", "__proto__"),
  jwk: fc.oneof(
    fc
      .tuple(fc.constantFrom(key.publicJwk, rsa.publicJwk), member, fc.oneof(json, base64url))
      .map(([jwk, name, value]) => ({ ...jwk, [name]: value })),
    fc.dictionary(member, fc.oneof(json, base64url)),
    json,
  ),
})

describe("a proof that a stranger makes up", () => {
  test("of any text is refused, and never throws", async () => {
    await fc.assert(
      fc.asyncProperty(text, async (each) => {
        expect(await judged(each)).toBe(each === "" ? "proof-missing" : "proof-invalid")
      }),
      { numRuns: 5000 },
    )
  })

  test("with any header and a random signature is refused, and never throws", async () => {
    await fc.assert(
      fc.asyncProperty(header, fc.uint8Array({ minLength: 1, maxLength: 300 }), async (fields, signature) => {
        const input = [fields, claims()]
          .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
          .join(".")
        expect(await judged(`${input}.${Buffer.from(signature).toString("base64url")}`)).toBe("proof-invalid")
      }),
      { numRuns: 2000 },
    )
  })

  test("with any claim in place of a right one is refused, although it is signed", async () => {
    const name = fc.constantFrom("htm", "htu", "iat", "ath", "jti")
    await fc.assert(
      fc.asyncProperty(name, json, async (claim, value) => {
        fc.pre(!(claim === "jti" && typeof value === "string" && value !== ""))
        expect(await judged(proof(key, { [claim]: value }))).toBe("proof-invalid")
      }),
      { numRuns: 500 },
    )
  })

  test("by changing one character of a right one is refused", async () => {
    const right = proof(key)
    const character = fc.constantFrom(..."AZaz09-_.,= ")
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: right.length - 1 }), character, async (at, put) => {
        fc.pre(right[at] !== put)
        expect(await judged(right.slice(0, at) + put + right.slice(at + 1))).toBe("proof-invalid")
      }),
      { numRuns: 1000 },
    )
  })

  test("with any bytes as claims is refused, although they are signed", async () => {
    const right = JSON.stringify({ typ: "dpop+jwt", alg: "ES256", jwk: key.publicJwk })
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1 }), async (bytes) => {
        expect(await judged(signed(key, right, bytes))).toBe("proof-invalid")
      }),
      { numRuns: 500 },
    )
  })
})
