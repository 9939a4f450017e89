import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { type DpopOptions, makeProofs } from "../../../src/guard/dpop.ts"
import { clientKey, proof, request } from "./proof-maker.ts"

const key = await clientKey()
const secret = "a secret that all processes share"
const newSecret = "another one, that replaces the first"

/** The first moment of a step. */
const start = Math.ceil(Date.now() / 60_000) * 60_000

const process = (nonce: DpopOptions["nonce"] = { secret }) => makeProofs({ nonce }, "3 seconds")

const judged = (proofs: ReturnType<typeof process>, nonce: unknown, changes: object = {}) =>
  proofs.check(proof(key, { nonce, ...changes }), { ...request, now: Date.now() })

const passSeconds = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start })
})
afterEach(() => {
  vi.useRealTimers()
})

describe("a proof with a nonce", () => {
  test("passes in every process that has the secret", async () => {
    const nonce = await process().nonce()
    expect(nonce).toMatch(/^[\w-]{43}$/)
    expect(await judged(process(), nonce)).toMatchObject({ jkt: key.jkt, needsNonce: false })
  })

  test("passes for three minutes, and asks for a newer nonce from half of them on", async () => {
    const proofs = process()
    const nonce = await proofs.nonce()
    passSeconds(90)
    expect(await judged(proofs, nonce)).toMatchObject({ needsNonce: false })
    passSeconds(1)
    expect(await judged(proofs, nonce)).toMatchObject({ needsNonce: true })
    passSeconds(88)
    expect(await judged(proofs, nonce)).toMatchObject({ needsNonce: true })
    passSeconds(1)
    expect(await judged(proofs, nonce)).toBe("nonce-required")
  })

  test("passes if the clock of the process that made the nonce is up to two minutes ahead", async () => {
    passSeconds(120)
    const early = await process().nonce()
    passSeconds(60)
    const tooEarly = await process().nonce()
    vi.setSystemTime(start)
    expect(await judged(process(), early)).toMatchObject({ jkt: key.jkt, needsNonce: false })
    expect(await judged(process(), tooEarly)).toBe("nonce-required")
  })

  test.each([0, 1, 4_000_000_000])("passes whatever the clock of the client says (iat %d)", async (iat) => {
    const proofs = process()
    expect(await judged(proofs, await proofs.nonce(), { iat })).toMatchObject({ jkt: key.jkt })
  })

  test("is refused without iat, which the standard requires", async () => {
    const proofs = process()
    expect(await judged(proofs, await proofs.nonce(), { iat: undefined })).toBe("proof-invalid")
  })

  test.each([undefined, "", "nonce", 5, null, ["a"]])("needs one of this server, not %j", async (nonce) => {
    expect(await judged(process(), nonce)).toBe("nonce-required")
  })

  test("of another secret needs one of this server", async () => {
    expect(await judged(process(), await process({ secret: newSecret }).nonce())).toBe("nonce-required")
  })

  test("is refused if its signature is wrong, although the nonce is right", async () => {
    const proofs = process()
    const nonce = await proofs.nonce()
    const other = await clientKey()
    const forged = proof(other, { nonce }, { jwk: key.publicJwk })
    expect(await proofs.check(forged, { ...request, now: Date.now() })).toBe("proof-invalid")
  })
})

describe("while the secret is replaced", () => {
  const stages = [
    { secret },
    { secret, previousSecret: newSecret },
    { secret: newSecret, previousSecret: secret },
    { secret: newSecret },
  ]
  test.each([0, 1, 2])("stages %d and the next accept each other's nonces", async (stage) => {
    const [before, after] = [process(stages[stage]), process(stages[stage + 1])]
    expect(await judged(after, await before.nonce())).toMatchObject({ jkt: key.jkt })
    expect(await judged(before, await after.nonce())).toMatchObject({ jkt: key.jkt })
  })
})

test("a nonce differs from minute to minute, and is the same within one", async () => {
  const proofs = process()
  const first = await proofs.nonce()
  passSeconds(59)
  expect(await proofs.nonce()).toBe(first)
  passSeconds(1)
  expect(await proofs.nonce()).not.toBe(first)
})

test("without the option there are no nonces", async () => {
  const proofs = makeProofs({ replay: "external" }, "3 seconds")
  expect(await proofs.nonce()).toBeUndefined()
  expect(await judged(proofs, "any")).toMatchObject({ needsNonce: false })
})
