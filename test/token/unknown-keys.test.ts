/** Tokens of unknown keys, at a server whose keys are known: they wait for its next key set, and are never sent. */
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { signed } from "../jwt/signing-keys.ts"
import { patiently, run } from "../jwt/vendor.ts"
import { json } from "../unit/scripted-transport.ts"
import { accessToken, keys, open, stranger, type Vendor, vendors } from "./any-vendor.ts"
import { ofUnknownKeys } from "./forgeries.ts"

const signing = vendors.filter((vendor) => open(vendor).jwt !== undefined)

const opened = (vendor: Vendor) => {
  const genuine = accessToken(vendor)
  const published = { isDown: false }
  const server = open(vendor, {
    keys: () => (published.isDown ? json({}, 503) : keys),
    answer: () => ({ active: true, ...genuine.claims }),
  })
  const outcome = (token: string) =>
    Effect.match(server.introspect(token), {
      onSuccess: ({ active }) => active,
      onFailure: ({ reason }) => reason._tag,
    })
  return { ...server, ...genuine, published, outcome, known: { ...genuine, keys, stranger } }
}

describe.each(signing.map((vendor) => [vendor.name, vendor] as const))("%s", (_, vendor) => {
  test.each(ofUnknownKeys)("sends no token with %s, and fetches its keys once more", async (__, make) => {
    const { token, known, outcome, asked, fetched } = opened(vendor)
    const forged = await make(known)
    const outcomes = await run(
      Effect.gen(function* () {
        const good = yield* outcome(token)
        const before = fetched.length
        return [good, yield* patiently(outcome(forged)), fetched.length - before]
      }),
    )
    expect(outcomes).toEqual([true, false, 1])
    expect(asked.filter((each) => each !== token)).toEqual([])
  })

  test("sends no token of an unknown key while the key set cannot be fetched", async () => {
    const { token, known, outcome, asked, published } = opened(vendor)
    const forged = signed(stranger, { ...known.head, kid: "unknown" }, known.claims)
    const outcomes = await run(
      Effect.gen(function* () {
        const good = yield* outcome(token)
        published.isDown = true
        return [good, yield* patiently(outcome(forged)), yield* outcome(token)]
      }),
    )
    expect(outcomes).toEqual([true, "Unavailable", true])
    expect(asked.filter((each) => each !== token)).toEqual([])
  })
})

test("a flood of tokens with unknown keys reaches no server, also beyond the number that may wait", async () => {
  const vendor = signing.find(({ name }) => name === "better-auth") ?? expect.unreachable("no vendor")
  const { token, known, outcome, asked, fetched } = opened(vendor)
  const flood = Array.from({ length: 1200 }, (_, at) =>
    signed(stranger, { ...known.head, kid: `unknown-${at}` }, known.claims),
  )
  const { outcomes, requests } = await run(
    Effect.gen(function* () {
      yield* outcome(token)
      const before = fetched.length
      const results = yield* patiently(Effect.forEach(flood, outcome, { concurrency: "unbounded" }))
      return { outcomes: results, requests: fetched.length - before }
    }),
  )
  expect(asked.filter((each) => each !== token)).toEqual([])
  expect(new Set(outcomes)).toEqual(new Set([false, "Unavailable"]))
  expect(requests).toBe(1)
})
