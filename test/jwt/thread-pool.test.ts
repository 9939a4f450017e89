import { generateKeyPairSync, sign } from "node:crypto"
import * as Effect from "effect/Effect"
import { describe, expect, test, vi } from "vitest"
import { jwtProfile } from "../../src/adapters/oidc/jwt-profile.ts"
import { signatures } from "../../src/adapters/signature/node.ts"
import type { Keys } from "../../src/core/jwt/keys.ts"
import { localValidation, type Validation } from "../../src/core/jwt/local-validation.ts"
import type { VerificationKey } from "../../src/ports/signature.ts"
import { issuer, type SigningKey, signingKey, token } from "./signing-keys.ts"

const pairs = {
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  ES384: generateKeyPairSync("ec", { namedCurve: "P-384" }),
  ES512: generateKeyPairSync("ec", { namedCurve: "P-521" }),
  EdDSA: generateKeyPairSync("ed25519"),
  RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
}

type Algorithm = keyof typeof pairs

const keyOf = (algorithm: Algorithm): VerificationKey => {
  const { kty = "", ...jwk } = pairs[algorithm].publicKey.export({ format: "jwk" })
  const key = signatures.importKey({ ...jwk, kty }, algorithm)
  if (key === undefined || key instanceof Promise) throw new Error("the key is not imported")
  return key
}

const signedBy = (algorithm: Algorithm, text: string): Buffer => {
  const key = pairs[algorithm].privateKey
  const hash = { ES256: "sha256", ES384: "sha384", ES512: "sha512", EdDSA: null, RS256: "sha256" }[algorithm]
  return sign(hash, Buffer.from(text), algorithm.startsWith("ES") ? { key, dsaEncoding: "ieee-p1363" } : key)
}

/** Several verifications in one turn of the event loop. */
const together = (key: VerificationKey, text: string, signature: string) =>
  Array.from({ length: 32 }, () => key.verifies(text, signature))

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

describe("verifications in one turn of the event loop", () => {
  test.each(["ES256", "ES384", "ES512", "EdDSA"] as const)("of %s: four block it, more do not", async (algorithm) => {
    const signature = signedBy(algorithm, "text").toString("base64url")
    await nextTurn()
    const verdicts = together(keyOf(algorithm), "text", signature)
    expect(verdicts.map((each) => typeof each === "boolean")).toEqual([
      ...Array(4).fill(true),
      ...Array(28).fill(false),
    ])
    expect(await Promise.all(verdicts)).toEqual(Array(32).fill(true))
    await nextTurn()
    expect(keyOf(algorithm).verifies("text", signature)).toBe(true)
  })

  test("of a caller that waits for each result: 129 block it, the next one does not", async () => {
    const key = keyOf("ES256")
    const signature = signedBy("ES256", "text").toString("base64url")
    await nextTurn()
    const verdicts: Array<boolean> = [true]
    while (verdicts.at(-1) === true && verdicts.length < 1000) {
      const verdict = key.verifies("text", signature)
      verdicts.push(typeof verdict === "boolean")
      await Promise.resolve()
    }
    // The first one counts among the four, and 128 wait for results.
    expect(verdicts.length - 2).toBe(129)
  })

  test("of callbacks that each wait for a result: four block it, more do not", async () => {
    const key = keyOf("ES256")
    const signature = signedBy("ES256", "text").toString("base64url")
    const verdicts: Array<boolean> = []
    await nextTurn()
    // Several timers of one turn are callbacks of their own, as the requests of several connections are.
    await new Promise<void>((resolve) => {
      for (let at = 0; at < 32; at++)
        setTimeout(async () => {
          verdicts.push(typeof key.verifies("text", signature) === "boolean")
          await Promise.resolve()
          if (at === 31) resolve()
        }, 1)
    })
    expect(verdicts).toEqual([...Array(4).fill(true), ...Array(28).fill(false)])
  })

  test("of RS256 all block it: the thread pool would cost more than the verification", async () => {
    await nextTurn()
    const signature = signedBy("RS256", "text").toString("base64url")
    expect(together(keyOf("RS256"), "text", signature)).toEqual(Array(32).fill(true))
  })

  test.each(["ES256", "ES384", "ES512", "EdDSA"] as const)(
    "of %s have one verdict in the thread pool and on the event loop, for signatures of any length and content",
    async (algorithm) => {
      const key = keyOf(algorithm)
      const good = signedBy(algorithm, "text")
      const flipped = Buffer.from(good)
      flipped[3] = (flipped[3] ?? 0) ^ 1
      const zeros = Buffer.alloc(good.length)
      const ones = Buffer.alloc(good.length, 255)
      const lengths = [0, 1, good.length - 1, good.length + 1, 4096].map((length) => Buffer.alloc(length, 7))
      for (const bytes of [flipped, zeros, ones, ...lengths, Buffer.concat([good, Buffer.alloc(1)])]) {
        await nextTurn()
        const verdicts = await Promise.all(together(key, "text", bytes.toString("base64url")))
        expect(verdicts).toEqual(Array(32).fill(false))
      }
      expect(await Promise.all(together(key, "other", good.toString("base64url")))).toEqual(Array(32).fill(false))
    },
  )
})

describe("tokens that come in one turn of the event loop", () => {
  const signer = signingKey("ES256")
  const imported = signatures.importKey(signer.jwk, "ES256") as VerificationKey
  const verifies = vi.fn(imported.verifies)
  const key = { ...imported, verifies }
  const keys: Keys = {
    get: () => Effect.succeed(key),
    getIfPresent: () => key,
    areKnown: () => true,
    isDue: () => false,
    refresh: Effect.void,
  }
  const profile = jwtProfile(
    {
      ...{ issuer, metadataUrl: `${issuer}/m`, clientAuth: "none" },
      token: { jwt: { algorithms: ["ES256"], types: ["jwt"] }, scopes: ["scp"] },
    },
    { audience: "any", clockSkew: 0 },
  )
  const tokens = (by: SigningKey, jtis: ReadonlyArray<string>) => Promise.all(jtis.map((jti) => token(by, { jti })))
  const jtiOf = (result: Validation) => ("identification" in result ? result.identification.claims.jti : result)

  test("get their own verdicts: good ones are valid and forged ones are not", async () => {
    const { validate } = localValidation(profile, () => keys)
    const names = Array.from({ length: 40 }, (_, at) => `token ${at}`)
    const good = await tokens(signer, names)
    const forged = await tokens({ ...signingKey("ES256"), jwk: signer.jwk }, names)
    const mixed = good.flatMap((each, at) => [each, forged[at] ?? ""])
    const results = await Promise.all(mixed.map((each) => Effect.runPromise(validate(each))))
    expect(results.map(jtiOf)).toEqual(names.flatMap((name) => [name, { failed: "signature" }]))
  })

  test("get one verification where they are equal, and another one after a failure", async () => {
    const { validate, validateNow } = localValidation(profile, () => keys)
    const others = await tokens(
      signer,
      Array.from({ length: 4 }, (_, at) => `other ${at}`),
    )
    const [same = ""] = await tokens({ ...signingKey("ES256"), jwk: signer.jwk }, ["same"])
    const now = Date.now()
    await nextTurn()
    verifies.mockClear()
    const results = [...others, ...Array<string>(50).fill(same)].map((each) => validateNow(each, now))
    expect(verifies).toHaveBeenCalledTimes(5)
    expect(await Promise.all(results.slice(4))).toEqual(Array(50).fill({ failed: "signature" }))
    await Effect.runPromise(validate(same))
    expect(verifies).toHaveBeenCalledTimes(6)
  })
})
