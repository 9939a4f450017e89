import { generateKeyPairSync, sign } from "node:crypto"
import { text } from "node:stream/consumers"
import { getHeapSnapshot } from "node:v8"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, test, vi } from "vitest"
import { jwtProfile } from "../../src/adapters/oidc/jwt-profile.ts"
import { signatures } from "../../src/adapters/signature/node.ts"
import type { Keys } from "../../src/core/jwt/keys.ts"
import { localValidation } from "../../src/core/jwt/local-validation.ts"
import type { VerificationKey } from "../../src/ports/signature.ts"
import { claims, issuer, now, signingKey, token } from "./signing-keys.ts"
import { run } from "./vendor.ts"

const profile = jwtProfile(
  {
    ...{ issuer, metadataUrl: `${issuer}/m`, clientAuth: "none" },
    token: { jwt: { algorithms: ["RS256", "EdDSA"], types: ["jwt"] }, scopes: ["scp"] },
  },
  { audience: "any", clockSkew: 0 },
)

/** A validator whose key counts its uses, and can be replaced, removed or not ready. */
const countingValidator = (jwk: Parameters<typeof signatures.importKey>[0], algorithm: string) => {
  const imported = signatures.importKey(jwk, algorithm)
  if (imported === undefined || imported instanceof Promise) throw new Error("no key")
  const verifies = vi.fn(imported.verifies)
  const state: { key: VerificationKey | undefined; isReady: boolean } = {
    key: { ...imported, verifies },
    isReady: true,
  }
  const keys: Keys = {
    get: () => Effect.map(Effect.yieldNow, () => state.key),
    getIfPresent: () => (state.isReady ? state.key : undefined),
    areKnown: () => true,
    isDue: () => false,
    refresh: Effect.void,
  }
  return { verifies, state, validate: localValidation(profile, () => keys).validate }
}

const rsa = signingKey("RS256")

describe("a token presented again", () => {
  test("is not verified again when it was valid", async () => {
    const { validate, verifies } = countingValidator(rsa.jwk, "RS256")
    const call = validate(await token(rsa))
    await run(Effect.forEach([call, call, call], (each) => each))
    expect(verifies).toHaveBeenCalledTimes(1)
  })

  test("is verified again when it was invalid", async () => {
    const { validate, verifies } = countingValidator(signingKey("RS256").jwk, "RS256")
    const call = validate(await token(rsa))
    expect(await run(Effect.forEach([call, call], (each) => each))).toEqual([
      { failed: "signature" },
      { failed: "signature" },
    ])
    expect(verifies).toHaveBeenCalledTimes(2)
  })

  test("is rejected from its exp on after several uses", async () => {
    const { validate } = countingValidator(rsa.jwk, "RS256")
    const call = validate(await token(rsa, { exp: now + 5 }))
    const states = await run(
      Effect.gen(function* () {
        const first = yield* call
        const again = yield* call
        yield* TestClock.adjust("5 seconds")
        return ["failed" in first, "failed" in again, yield* call]
      }),
    )
    expect(states).toEqual([false, false, { failed: "expired" }])
  })

  test("is rejected from its exp on after one use", async () => {
    const { validate } = countingValidator(rsa.jwk, "RS256")
    const call = validate(await token(rsa, { exp: now + 5 }))
    const late = run(Effect.andThen(Effect.andThen(call, TestClock.adjust("5 seconds")), call))
    expect(await late).toEqual({ failed: "expired" })
  })

  test("is verified again when its key was replaced, and rejected when its key was removed", async () => {
    const { validate, state, verifies } = countingValidator(rsa.jwk, "RS256")
    const call = validate(await token(rsa))
    const { key } = state
    await run(call)
    state.key = key && { ...key }
    expect(await run(call)).toHaveProperty("identification")
    expect(verifies).toHaveBeenCalledTimes(2)
    state.key = undefined
    expect(await run(call)).toEqual({ failed: "signature" })
    state.key = key
    expect(await run(call)).toHaveProperty("identification")
    expect(verifies).toHaveBeenCalledTimes(3)
  })

  test("is not confused with a token that differs in one letter", async () => {
    const { validate } = countingValidator(rsa.jwk, "RS256")
    const good = await token(rsa)
    await run(validate(good))
    const [head, body, signature = ""] = good.split(".")
    const altered = `${head}.${body}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`
    expect(await run(validate(altered))).toEqual({ failed: "signature" })
  })
})

describe("the validation cache", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519")
  const jwk = { ...publicKey.export({ format: "jwk" }), kty: "OKP" }
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const header = encoded({ alg: "EdDSA", typ: "JWT" })
  const signedToken = (more: object): string => {
    const input = `${header}.${encoded({ ...claims, ...more })}`
    return `${input}.${sign(null, Buffer.from(input), privateKey).toString("base64url")}`
  }

  test("keeps the latest 10,000 of 12,000 tokens", { timeout: 60_000 }, async () => {
    const { validate, verifies } = countingValidator(jwk, "EdDSA")
    const first = signedToken({ jti: "first" })
    await run(validate(first))
    for (let index = 0; index < 12_000; index++)
      await Effect.runPromise(validate(signedToken({ jti: `flood ${index}` })))
    expect(verifies).toHaveBeenCalledTimes(12_001)
    const last = signedToken({ jti: "flood 11999" })
    const oldestCached = signedToken({ jti: "flood 2000" })
    const evicted = signedToken({ jti: "flood 1999" })
    await Effect.runPromise(validate(last))
    await Effect.runPromise(validate(oldestCached))
    expect(verifies).toHaveBeenCalledTimes(12_001)
    await Effect.runPromise(validate(evicted))
    await Effect.runPromise(validate(first))
    expect(verifies).toHaveBeenCalledTimes(12_003)
  })

  test("keeps at most 16 MiB of claims, of tokens that were presented twice", async () => {
    const { validate, verifies } = countingValidator(jwk, "EdDSA")
    // 43,691 characters each in base64url, and more for the rest: 383 of them fit.
    const large = (index: number) => signedToken({ jti: `large ${index}`, junk: "x".repeat(1 << 15) })
    for (let index = 0; index < 400; index++) {
      await Effect.runPromise(validate(large(index)))
      await Effect.runPromise(validate(large(index)))
    }
    await Effect.runPromise(validate(large(399)))
    expect(verifies).toHaveBeenCalledTimes(400)
    await Effect.runPromise(validate(large(0)))
    expect(verifies).toHaveBeenCalledTimes(401)
  })

  test("counts a token once, however many callers present it at the same time", async () => {
    const { validate, verifies, state } = countingValidator(jwk, "EdDSA")
    const small = signedToken({ jti: "small" })
    const large = signedToken({ jti: "large", junk: "x".repeat(1 << 15) })
    await Effect.runPromise(validate(small))
    for (let round = 0; round < 400; round++) {
      // The key is not ready, so both callers wait for it and both verify the signature.
      state.isReady = false
      await run(Effect.forEach([validate(large), validate(large)], (each) => each, { concurrency: "unbounded" }))
      state.isReady = true
      await Effect.runPromise(validate(large))
    }
    expect(verifies).toHaveBeenCalledTimes(801)
    verifies.mockClear()
    await Effect.runPromise(validate(large))
    await Effect.runPromise(validate(small))
    expect(verifies).not.toHaveBeenCalled()
  })

  test("contains no token", { timeout: 60_000 }, async () => {
    const { validate, verifies } = countingValidator(jwk, "EdDSA")
    const backwards = (text: string) => Array.from(text).reverse().join("")
    const present = async (jti: string): Promise<ReadonlyArray<string>> => {
      const accessToken = signedToken({ jti })
      for (let times = 0; times < 3; times++) await Effect.runPromise(validate(accessToken))
      return accessToken.split(".").slice(1).map(backwards)
    }
    const secrets = await present("secret")
    // The mock holds the arguments of its calls.
    verifies.mockClear()
    const dump = await text(getHeapSnapshot())
    for (const each of secrets) expect(dump.includes(backwards(each))).toBe(false)
    // The token is still cached.
    expect(await Effect.runPromise(validate(signedToken({ jti: "secret" })))).toHaveProperty("identification")
    expect(verifies).not.toHaveBeenCalled()
  })
})
