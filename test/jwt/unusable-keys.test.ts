/** Keys of a key set that never verify a signature, and key sets with malformed members. */
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { json, rawResponse, reasonOf } from "../unit/scripted-transport.ts"
import { open, issuer as server } from "../unit/standard-server.ts"
import { now, signed, signingKey, token } from "./signing-keys.ts"
import { local } from "./vendor.ts"

const rsa = signingKey("RS256", "rsa")
const other = signingKey("RS256", "other")
const ec = signingKey("ES256", "ec")

/** Changes of a key with which it must not verify. */
const refused: ReadonlyArray<readonly [sentence: string, changes: object]> = [
  ["whose public exponent is 1", { e: "AQ" }],
  ["whose public exponent is 1 with leading zeros", { e: "AAAB" }],
  ["whose public exponent is 0", { e: "AA" }],
  ["whose public exponent is 2", { e: "Ag" }],
  ["whose public exponent is even", { e: "AQAA" }],
  ["whose public exponent is empty", { e: "" }],
  ["whose public exponent is not base64url", { e: "A+==" }],
  ["without a public exponent", { e: undefined }],
  ["that may only sign", { key_ops: ["sign"] }],
  ["that may only encrypt", { key_ops: ["encrypt", "wrapKey"] }],
  ["with an empty key_ops", { key_ops: [] }],
  ["for encryption", { use: "enc" }],
  ["for a use that no standard has", { use: "signature" }],
]

/** Changes of a key with which it still verifies. */
const used: ReadonlyArray<readonly [sentence: string, changes: object]> = [
  ["without use and key_ops", { use: undefined }],
  ["with verify among its key_ops", { key_ops: ["sign", "verify"] }],
  ["whose key_ops is null", { key_ops: null }],
  ["whose public exponent has leading zeros", { e: "AAEAAQ" }],
]

/** Members of a key set that are no keys. */
const malformed: ReadonlyArray<readonly [sentence: string, member: unknown]> = [
  ["null", null],
  ["a string", "key"],
  ["a number", 7],
  ["a list", [rsa.jwk]],
  ["a key without kty", { ...other.jwk, kty: undefined }],
  ["a key whose kty is null", { ...other.jwk, kty: null }],
  ["a key whose kty is empty", { ...other.jwk, kty: "" }],
  ["a key whose kty is a number", { ...other.jwk, kty: 1 }],
  ["a key whose kid is a number", { ...rsa.jwk, n: other.jwk.n, kid: 7 }],
  ["a key whose kid is an object", { ...other.jwk, kid: {} }],
  ["a key whose use is a list", { ...rsa.jwk, n: other.jwk.n, use: ["sig"] }],
  ["a key whose key_ops is a string", { ...rsa.jwk, n: other.jwk.n, key_ops: "verify" }],
  ["a key whose key_ops has a number", { ...rsa.jwk, n: other.jwk.n, key_ops: ["verify", 1] }],
  ["a key whose modulus is an object", { ...rsa.jwk, n: {} }],
  ["a key whose exponent is a number", { ...rsa.jwk, e: 65537 }],
]

/** As JSON, without `undefined` members. */
const published = (...keys: ReadonlyArray<unknown>) => JSON.parse(JSON.stringify(keys)) as ReadonlyArray<typeof rsa.jwk>

/** A UserInfo response that is signed with `rsa`, and checked with these keys. */
const userInfo = (keys: ReadonlyArray<unknown>) => {
  const jwt = signed(rsa, {}, { iss: server, aud: "app", sub: "u1", iat: now, exp: now + 3600 })
  return open([rawResponse(200, "application/jwt", jwt), json({ keys })]).auth.userInfo("token")
}

describe("a key", () => {
  test.each(refused)("%s verifies no access token and no UserInfo response", async (_, changes) => {
    const keys = published({ ...rsa.jwk, ...changes })
    expect(await local(keys, await token(rsa))).toEqual({ active: false })
    expect((await reasonOf(userInfo(keys)))._tag).toBe("UnexpectedResponse")
  })

  test.each(refused)("%s does not spoil another key with its kid", async (_, changes) => {
    const keys = published({ ...rsa.jwk, n: other.jwk.n, ...changes }, rsa.jwk)
    expect(await local(keys, await token(rsa))).toMatchObject({ active: true })
    expect(await Effect.runPromise(userInfo(keys))).toMatchObject({ subject: "u1" })
  })

  test.each(used)("%s verifies", async (_, changes) => {
    const keys = published({ ...rsa.jwk, ...changes })
    expect(await local(keys, await token(rsa))).toMatchObject({ active: true })
    expect(await Effect.runPromise(userInfo(keys))).toMatchObject({ subject: "u1" })
  })
})

describe("a malformed member of a key set is skipped, and the others are used (RFC 7517 section 5)", () => {
  test.each(malformed)("%s", async (_, member) => {
    const keys = published(ec.jwk, member, rsa.jwk)
    expect(await local(keys, await token(rsa))).toMatchObject({ active: true })
    expect(await local(keys, await token(ec))).toMatchObject({ active: true })
    expect(await Effect.runPromise(userInfo(keys))).toMatchObject({ subject: "u1" })
    const set = await Effect.runPromise(open([json({ keys })]).auth.metadata.keys())
    expect(set.keys.map(({ kid }) => kid)).toEqual(["ec", "rsa"])
  })

  test("but a key set whose keys are no list is an unexpected response", async () => {
    for (const keys of [{}, "keys", rsa.jwk, 1])
      expect((await reasonOf(open([json({ keys })]).auth.metadata.keys()))._tag).toBe("UnexpectedResponse")
  })
})
