import { generateKeyPairSync, sign } from "node:crypto"
import { text } from "node:stream/consumers"
import { getHeapSnapshot } from "node:v8"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, test, vi } from "vitest"
import { signatures } from "../../src/adapters/signature/node.ts"
import type { Keys } from "../../src/core/jwt/keys.ts"
import { localValidation } from "../../src/core/jwt/local-validation.ts"
import type { JwtProfile } from "../../src/ports/jwt-profile.ts"
import type { VerificationKey } from "../../src/ports/signature.ts"
import { claims, issuer, now, signingKey, token } from "./signing-keys.ts"
import { run } from "./vendor.ts"

const profile: JwtProfile = {
  issuer,
  algorithms: ["RS256", "EdDSA"],
  types: ["jwt"],
  audience: "any",
  clockSkew: 0,
  required: [],
  forbidden: [],
  clientId: "client_id",
  scopes: ["scp"],
}

/** A key that counts how often it is used, and a server that may take it away. */
const counting = (jwk: Parameters<typeof signatures.importKey>[0], algorithm: string) => {
  const made = signatures.importKey(jwk, algorithm)
  if (made === undefined || made instanceof Promise) throw new Error("no key")
  const verifies = vi.fn(made.verifies)
  const state: { key: VerificationKey | undefined; isReady: boolean } = { key: { ...made, verifies }, isReady: true }
  const keys: Keys = {
    keyFor: () => Effect.map(Effect.yieldNow, () => state.key),
    peek: () => (state.isReady ? state.key : undefined),
    isDue: () => false,
    refreshAhead: Effect.void,
  }
  return { verifies, state, validate: localValidation(profile, keys).validate }
}

const rsa = signingKey("RS256")

describe("a token that was checked before", () => {
  test("is not checked again", async () => {
    const { validate, verifies } = counting(rsa.jwk, "RS256")
    const ask = validate(await token(rsa))
    await run(Effect.forEach([ask, ask, ask], (each) => each))
    expect(verifies).toHaveBeenCalledTimes(1)
  })

  test("is checked again after it failed", async () => {
    const { validate, verifies } = counting(signingKey("RS256").jwk, "RS256")
    const ask = validate(await token(rsa))
    expect(await run(Effect.forEach([ask, ask], (each) => each))).toEqual([
      { failed: "signature" },
      { failed: "signature" },
    ])
    expect(verifies).toHaveBeenCalledTimes(2)
  })

  test("is refused from its expiry on", async () => {
    const { validate } = counting(rsa.jwk, "RS256")
    const ask = validate(await token(rsa, { exp: now + 5 }))
    const states = await run(
      Effect.gen(function* () {
        const first = yield* ask
        const again = yield* ask
        yield* TestClock.adjust("5 seconds")
        return ["failed" in first, "failed" in again, yield* ask]
      }),
    )
    expect(states).toEqual([false, false, { failed: "expired" }])
  })

  test("is refused from its expiry on, though it was presented but once", async () => {
    const { validate } = counting(rsa.jwk, "RS256")
    const ask = validate(await token(rsa, { exp: now + 5 }))
    const late = run(Effect.andThen(Effect.andThen(ask, TestClock.adjust("5 seconds")), ask))
    expect(await late).toEqual({ failed: "expired" })
  })

  test("is checked again when its key is another, and refused when there is none", async () => {
    const { validate, state, verifies } = counting(rsa.jwk, "RS256")
    const ask = validate(await token(rsa))
    const { key } = state
    await run(ask)
    state.key = key && { ...key }
    expect(await run(ask)).toHaveProperty("said")
    expect(verifies).toHaveBeenCalledTimes(2)
    state.key = undefined
    expect(await run(ask)).toEqual({ failed: "signature" })
    state.key = key
    expect(await run(ask)).toHaveProperty("said")
    expect(verifies).toHaveBeenCalledTimes(3)
  })

  test("is not taken for another that differs in one letter", async () => {
    const { validate } = counting(rsa.jwk, "RS256")
    const good = await token(rsa)
    await run(validate(good))
    const [head, body, signature = ""] = good.split(".")
    const swapped = `${head}.${body}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`
    expect(await run(validate(swapped))).toEqual({ failed: "signature" })
  })
})

describe("what is remembered", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519")
  const jwk = { ...publicKey.export({ format: "jwk" }), kty: "OKP" }
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const header = part({ alg: "EdDSA", typ: "JWT" })
  const made = (more: object): string => {
    const input = `${header}.${part({ ...claims, ...more })}`
    return `${input}.${sign(null, Buffer.from(input), privateKey).toString("base64url")}`
  }

  test("is bounded: of 30,000 tokens the latest 10,000", { timeout: 60_000 }, async () => {
    const { validate, verifies } = counting(jwk, "EdDSA")
    const first = made({ jti: "first" })
    await run(validate(first))
    for (let index = 0; index < 30_000; index++) Effect.runSync(validate(made({ jti: `flood ${index}` })))
    expect(verifies).toHaveBeenCalledTimes(30_001)
    const last = made({ jti: "flood 29999" })
    const kept = made({ jti: "flood 20000" })
    const dropped = made({ jti: "flood 19999" })
    Effect.runSync(validate(last))
    Effect.runSync(validate(kept))
    expect(verifies).toHaveBeenCalledTimes(30_001)
    Effect.runSync(validate(dropped))
    Effect.runSync(validate(first))
    expect(verifies).toHaveBeenCalledTimes(30_003)
  })

  test("is bounded in size, too: what 16 MiB of tokens say that were presented twice", async () => {
    const { validate, verifies } = counting(jwk, "EdDSA")
    const large = (index: number) => made({ jti: `large ${index}`, junk: "x".repeat(1 << 19) })
    for (let index = 0; index < 30; index++) {
      Effect.runSync(validate(large(index)))
      Effect.runSync(validate(large(index)))
    }
    Effect.runSync(validate(large(29)))
    expect(verifies).toHaveBeenCalledTimes(30)
    Effect.runSync(validate(large(0)))
    expect(verifies).toHaveBeenCalledTimes(31)
  })

  test("is counted once, however many callers bring a token at once", async () => {
    const { validate, verifies, state } = counting(jwk, "EdDSA")
    const small = made({ jti: "small" })
    const large = made({ jti: "large", junk: "x".repeat(1 << 19) })
    Effect.runSync(validate(small))
    for (let round = 0; round < 40; round++) {
      // The key is not ready: every caller waits for it, and every caller checks.
      state.isReady = false
      await run(Effect.forEach([validate(large), validate(large)], (each) => each, { concurrency: "unbounded" }))
      state.isReady = true
      Effect.runSync(validate(large))
    }
    expect(verifies).toHaveBeenCalledTimes(81)
    verifies.mockClear()
    Effect.runSync(validate(large))
    Effect.runSync(validate(small))
    expect(verifies).not.toHaveBeenCalled()
  })

  test("holds no token", { timeout: 60_000 }, async () => {
    const { validate, verifies } = counting(jwk, "EdDSA")
    const backwards = (text: string) => Array.from(text).reverse().join("")
    const present = (jti: string): ReadonlyArray<string> => {
      const presented = made({ jti })
      for (let times = 0; times < 3; times++) Effect.runSync(validate(presented))
      return presented.split(".").slice(1).map(backwards)
    }
    const secrets = present("secret")
    // It remembers what it was called with.
    verifies.mockClear()
    const dump = await text(getHeapSnapshot())
    for (const each of secrets) expect(dump.includes(backwards(each))).toBe(false)
    // It is still remembered.
    expect(Effect.runSync(validate(made({ jti: "secret" })))).toHaveProperty("said")
    expect(verifies).not.toHaveBeenCalled()
  })
})
