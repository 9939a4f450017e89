import { generateProof } from "dpop"
import type { ActiveToken, TokenState } from "latchkey"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import type { DpopOptions } from "../../../src/guard/dpop.ts"
import { makeGuard } from "../../../src/guard/guard.ts"
import type { Needs } from "../../../src/guard/needs.ts"
import { memoryReplayStore, type ReplayStore } from "../../../src/guard/replay.ts"
import { type ClientKey, clientKey, proof, request } from "./proof-maker.ts"

const [key, other] = [await clientKey(), await clientKey("RS256")]
const secret = "a secret that all processes share"

const active: ActiveToken = {
  active: true,
  use: "access_token",
  subject: "alice",
  audience: [],
  scopes: ["read"],
  claims: {},
  source: { stale: false },
  confirmation: { jkt: key.jkt },
}

interface Setup extends Partial<DpopOptions> {
  readonly state?: TokenState
  readonly needs?: Needs
}

/** A guard over a vendor that counts the questions. */
const open = ({ state = active, needs, ...dpop }: Setup = {}) => {
  const asked: Array<string> = []
  const auth = {
    id: "test",
    introspect: async (token: string) => {
      asked.push(token)
      return state
    },
  }
  const options = { replay: memoryReplayStore(), ...dpop }
  const check = makeGuard(auth, { publicUrl: "https://api.example", dpop: options })(needs)
  const decide = (headers: Readonly<Record<string, string>>, changes: object = {}) =>
    check({ method: "POST", target: "/orders?page=2", header: (name) => headers[name], ...changes })
  return { asked, decide }
}

const withProof = (text: string) => ({ authorization: `DPoP ${request.token}`, dpop: text })

const refusal = (status: number, situation: string, error?: string) => ({
  ok: false,
  refusal: {
    status,
    situation,
    ...(error !== undefined && { headers: { "www-authenticate": expect.stringContaining(`error="${error}"`) } }),
  },
})

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe("a guard with DPoP", () => {
  test("passes a bound token with a proof of its key, in any case of the scheme", async () => {
    const { decide } = open()
    const passes = { ok: true, principal: { subject: "alice", confirmation: { jkt: key.jkt } } }
    expect(await decide(withProof(proof(key)))).toMatchObject(passes)
    expect(await decide({ ...withProof(proof(key)), authorization: `dpop ${request.token}` })).toMatchObject(passes)
  })

  test("passes the proof that the package dpop makes", async () => {
    const pair = { privateKey: await toCryptoKey(key, "private"), publicKey: await toCryptoKey(key, "public") }
    const made = await generateProof(pair, request.url, "POST", undefined, request.token)
    expect(await open().decide(withProof(made))).toMatchObject({ ok: true })
  })

  test("asks the vendor about none of 1,000 tokens with wrong proofs", async () => {
    const { asked, decide } = open()
    const wrong = [
      () => "rubbish",
      () => proof(key, { htm: "GET" }),
      () => proof(other, {}, { jwk: key.publicJwk, alg: "ES256" }),
      () => `${proof(key)}, ${proof(key)}`,
    ]
    for (let count = 0; count < 1000; count++)
      expect(await decide(withProof(wrong[count % wrong.length]?.() ?? ""))).toMatchObject(
        refusal(401, "proof-invalid", "invalid_dpop_proof"),
      )
    expect(asked).toEqual([])
  })

  test("refuses a token without a proof, and does not ask about it", async () => {
    const { asked, decide } = open()
    const missing = refusal(401, "proof-missing", "invalid_dpop_proof")
    expect(await decide({ authorization: `DPoP ${request.token}` })).toMatchObject(missing)
    expect(asked).toEqual([])
  })

  test("refuses a proof of another key, an unbound token, and a bound token as a bearer token", async () => {
    const invalid = (situation: string) => refusal(401, situation, "invalid_token")
    expect(await open().decide(withProof(proof(other)))).toMatchObject(invalid("proof-of-other-key"))
    const { confirmation: _, ...unbound } = active
    expect(await open({ state: unbound }).decide(withProof(proof(key)))).toMatchObject(
      invalid("unbound-token-with-proof"),
    )
    const bearer = { authorization: `Bearer ${request.token}`, dpop: proof(key) }
    expect(await open().decide(bearer)).toMatchObject(invalid("bound-token-as-bearer"))
  })

  test("takes host and path of a proof from its options, not from the request", async () => {
    const { decide } = open()
    const made = proof(key, { htu: "https://evil.example/orders" })
    const headers = { ...withProof(made), host: "evil.example", "x-forwarded-host": "evil.example" }
    expect(await decide(headers)).toMatchObject(refusal(401, "proof-invalid"))
    expect(await decide(headers, { target: "https://evil.example/orders" })).toMatchObject(
      refusal(401, "proof-invalid"),
    )
    const whole = { target: "http://evil.example/orders?page=2" }
    expect(await decide(withProof(proof(key)), whole)).toMatchObject({ ok: true })
  })
})

describe("a replayed proof", () => {
  test("is refused, and so is its jti in another proof of the same key", async () => {
    const { decide } = open()
    const replayed = refusal(401, "proof-replayed", "invalid_dpop_proof")
    const made = proof(key, { jti: "one" })
    expect(await decide(withProof(made))).toMatchObject({ ok: true })
    expect(await decide(withProof(made))).toMatchObject(replayed)
    expect(await decide(withProof(proof(key, { jti: "one" })))).toMatchObject(replayed)
    expect(await decide(withProof(proof(key, { jti: "two" })))).toMatchObject({ ok: true })
  })

  test("is not one whose request was refused for another reason", async () => {
    const replay = memoryReplayStore()
    const made = proof(key)
    expect(await open({ replay, needs: { scopes: ["write"] } }).decide(withProof(made))).toMatchObject(
      refusal(403, "scope-missing", "insufficient_scope"),
    )
    expect(await open({ replay }).decide(withProof(made))).toMatchObject({ ok: true })
  })

  test("of another key is not one", async () => {
    const replay = memoryReplayStore()
    const theirs = { ...active, confirmation: { jkt: other.jkt } }
    expect(await open({ replay }).decide(withProof(proof(key, { jti: "one" })))).toMatchObject({ ok: true })
    expect(await open({ replay, state: theirs }).decide(withProof(proof(other, { jti: "one" })))).toMatchObject({
      ok: true,
    })
  })

  test("is refused to its last second", async () => {
    const { decide } = open()
    const made = proof(key)
    expect(await decide(withProof(made))).toMatchObject({ ok: true })
    vi.setSystemTime(Math.floor(Date.now() / 1000) * 1000 + 60_000)
    expect(await decide(withProof(made))).toMatchObject(refusal(401, "proof-replayed"))
    vi.setSystemTime(Date.now() + 1)
    expect(await decide(withProof(made))).toMatchObject(refusal(401, "proof-invalid"))
  })

  test("is left to others if the options say so", async () => {
    const { decide } = open({ replay: "external" })
    const made = proof(key)
    for (let count = 0; count < 2; count++) expect(await decide(withProof(made))).toMatchObject({ ok: true })
  })
})

describe("the replay store", () => {
  const unavailable = {
    ok: false,
    refusal: {
      status: 503,
      situation: "replay-store-unavailable",
      headers: { "retry-after": expect.stringMatching(/^[1-9]\d*$/) },
    },
  }
  const broken: Readonly<Record<string, ReplayStore["reserve"]>> = {
    rejects: () => Promise.reject(new Error("connect ECONNREFUSED")),
    throws: () => {
      throw new Error("no space")
    },
    "answers something else": async () => "maybe" as "fresh",
    "answers nothing": (() => undefined) as () => never,
  }

  test.each(Object.entries(broken))("that %s does not let the request pass: 503", async (_, reserve) => {
    expect(await open({ replay: { reserve } }).decide(withProof(proof(key)))).toMatchObject(unavailable)
  })

  test("that does not answer within the guard's timeout: 503", async () => {
    const reserve = vi.fn(() => new Promise<never>(() => undefined))
    const decision = open({ replay: { reserve } }).decide(withProof(proof(key)))
    while (reserve.mock.calls.length === 0) await Promise.resolve()
    await vi.advanceTimersByTimeAsync(2999)
    let isDecided = false
    void Promise.resolve(decision).then(() => {
      isDecided = true
    })
    await vi.advanceTimersByTimeAsync(0)
    expect(isDecided).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await decision).toMatchObject(unavailable)
    expect(vi.getTimerCount()).toBe(0)
  })

  test("that answers in time is heard, and leaves no timer", async () => {
    const reserve = vi.fn(() => new Promise<"fresh">((resolve) => setTimeout(() => resolve("fresh"), 100)))
    const decision = open({ replay: { reserve } }).decide(withProof(proof(key)))
    while (reserve.mock.calls.length === 0) await Promise.resolve()
    await vi.advanceTimersByTimeAsync(100)
    expect(await decision).toMatchObject({ ok: true })
    expect(vi.getTimerCount()).toBe(0)
  })

  test("gets keys of 32 characters, the last and the first moment of the proof, and the thumbprint of its key", async () => {
    const reserve = vi.fn<ReplayStore["reserve"]>(async () => "fresh")
    const iat = Math.floor(Date.now() / 1000) - 10
    expect(
      await open({ replay: { reserve } }).decide(withProof(proof(key, { iat, jti: "x".repeat(128) }))),
    ).toMatchObject({
      ok: true,
    })
    expect(reserve.mock.calls).toEqual([
      [expect.stringMatching(/^[\w-]{32}$/), (iat + 60) * 1000, key.jkt, (iat - 5) * 1000],
    ])
  })

  test("answers a key over its share with 503, and every other key as before", async () => {
    const replay = memoryReplayStore({ maxEntries: 100, maxShare: 0.05 })
    const greedy = open({ replay })
    const modest = open({ replay, state: { ...active, confirmation: { jkt: other.jkt } } })
    for (let count = 0; count < 5; count++)
      expect(await greedy.decide(withProof(proof(key)))).toMatchObject({ ok: true })
    for (let count = 0; count < 20; count++)
      expect(await greedy.decide(withProof(proof(key)))).toMatchObject(unavailable)
    expect(await modest.decide(withProof(proof(other)))).toMatchObject({ ok: true })
  })
})

describe("with nonces, a guard", () => {
  test("gives a nonce with its refusal, and passes the proof that has it", async () => {
    const { asked, decide } = open({ nonce: { secret } })
    const refused = await decide(withProof(proof(key)))
    expect(refused).toMatchObject(refusal(401, "nonce-required", "use_dpop_nonce"))
    expect(asked).toEqual([])
    const nonce = refused.ok ? undefined : refused.refusal.headers["dpop-nonce"]
    expect(nonce).toMatch(/^[\w-]{43}$/)
    expect(await decide(withProof(proof(key, { nonce })))).toMatchObject({ ok: true, headers: undefined })
  })

  test("gives a newer nonce with a response that no cache keeps, once the one in use is past half its life", async () => {
    vi.setSystemTime(Math.ceil(Date.now() / 60_000) * 60_000)
    const { decide } = open({ nonce: { secret } })
    const refused = await decide(withProof(proof(key)))
    const nonce = refused.ok ? undefined : refused.refusal.headers["dpop-nonce"]
    vi.setSystemTime(Date.now() + 91_000)
    const passed = await decide(withProof(proof(key, { nonce })))
    expect(passed).toMatchObject({
      ok: true,
      headers: { "dpop-nonce": expect.stringMatching(/^[\w-]{43}$/), "cache-control": "no-store" },
    })
    expect(passed.ok ? passed.headers?.["dpop-nonce"] : undefined).not.toBe(nonce)
  })

  test("remembers a proof until its nonce is refused", async () => {
    const start = Math.ceil(Date.now() / 60_000) * 60_000
    vi.setSystemTime(start)
    const { decide } = open({ nonce: { secret } })
    const refused = await decide(withProof(proof(key)))
    const nonce = refused.ok ? undefined : refused.refusal.headers["dpop-nonce"]
    const made = proof(key, { nonce })
    expect(await decide(withProof(made))).toMatchObject({ ok: true })
    vi.setSystemTime(start + 179_999)
    expect(await decide(withProof(made))).toMatchObject(refusal(401, "proof-replayed"))
    vi.setSystemTime(start + 180_000)
    expect(await decide(withProof(made))).toMatchObject(refusal(401, "nonce-required"))
  })
})

const toCryptoKey = (of: ClientKey, type: "private" | "public") =>
  crypto.subtle.importKey(
    "jwk",
    type === "private" ? of.privateKey.export({ format: "jwk" }) : of.publicKey.export({ format: "jwk" }),
    { name: "ECDSA", namedCurve: "P-256" },
    true,
    [type === "private" ? "sign" : "verify"],
  )
