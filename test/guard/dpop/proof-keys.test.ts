import { afterEach, describe, expect, test, vi } from "vitest"
import { signatures } from "#signature"
import { type ProofKey, ProofKeys } from "../../../src/guard/dpop/proof-keys.ts"
import { makeProofs } from "../../../src/guard/dpop.ts"
import { clientKey, proof, request } from "./proof-maker.ts"

const keyOf = (header: string): ProofKey => ({ header, verifies: () => true, jkt: header })

afterEach(() => {
  vi.restoreAllMocks()
})

describe("the keys of proofs", () => {
  test("are imported for each proof until a proof is spent, so that a stranger fills no memory", async () => {
    const importKey = vi.spyOn(signatures, "importKey")
    const { check } = makeProofs({ replay: "external" }, "3 seconds")
    const key = await clientKey()
    const judge = () => check(proof(key), { ...request, now: Date.now() })
    for (let count = 0; count < 3; count++) expect(await judge()).toMatchObject({ jkt: key.jkt })
    expect(importKey).toHaveBeenCalledTimes(3)
    const checked = await judge()
    if (typeof checked !== "string") expect(await checked.spend()).toBeUndefined()
    for (let count = 0; count < 3; count++) expect(await judge()).toMatchObject({ jkt: key.jkt })
    expect(importKey).toHaveBeenCalledTimes(4)
  })

  test("are 2,000 at most, and the one that was used least recently is forgotten", () => {
    const keys = new ProofKeys()
    const [first, second] = [keyOf("first"), keyOf("second")]
    for (const key of [first, second]) keys.remember(key)
    for (let count = 0; count < 1998; count++) keys.remember(keyOf(`${count}`))
    keys.remember(first)
    keys.remember(keyOf("one more"))
    expect([keys.find("first"), keys.find("second"), keys.find("0")]).toEqual(
      [first, undefined, keyOf("0")].map((each) => each && expect.objectContaining({ jkt: each.jkt })),
    )
  })

  test("are not remembered with a header of more than 2,048 characters", () => {
    const keys = new ProofKeys()
    for (const length of [2048, 2049]) keys.remember(keyOf("x".repeat(length)))
    expect(keys.find("x".repeat(2048))).toBeDefined()
    expect(keys.find("x".repeat(2049))).toBeUndefined()
  })
})

describe("an RSA key of a proof", () => {
  const number = (bits: number): string => Buffer.alloc(Math.ceil(bits / 8), 0xff).toString("base64url")

  const isImported = async (modulus: number, exponent: number): Promise<boolean> => {
    const importKey = vi.spyOn(signatures, "importKey")
    const jwk = { kty: "RSA", n: number(modulus), e: number(exponent) }
    const text = proof(await clientKey(), {}, { alg: "RS256", jwk })
    await makeProofs({ replay: "external" }, "3 seconds").check(text, { ...request, now: Date.now() })
    return importKey.mock.calls.length > 0
  }

  test("may have a modulus of 4096 bits, and an exponent of 32 bits", async () => {
    expect(await isImported(4096, 32)).toBe(true)
  })

  test.each([
    ["a modulus of more than 4096 bits", 4104, 17],
    ["an exponent of more than 32 bits", 2048, 40],
    ["an exponent as long as its modulus", 3072, 3072],
  ])("is refused before a signature is verified, because that takes long: %s", async (_, modulus, exponent) => {
    expect(await isImported(modulus, exponent)).toBe(false)
  })
})
