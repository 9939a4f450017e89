/** What refusals, hooks, logs, spans and principals never hold: tokens, proofs, keys and values of claims. */
import { inspect } from "node:util"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Tracer from "effect/Tracer"
import { describe, expect, it, vi } from "vitest"
import type { Decision } from "../../src/guard/guard.ts"
import { makeGuard } from "../../src/guard/guard.ts"
import type { GuardOptions } from "../../src/guard/options.ts"
import { GuardError } from "../../src/guard/refusal.ts"
import { situations } from "../../src/guard/situations.ts"
import { AuthError, type Reason } from "../../src/ports/errors.ts"
import { dpopRows } from "./dpop-rows.ts"
import { active, type Lines, type Row, token } from "./row.ts"
import { rows } from "./rows.ts"
import { stubAuth } from "./stub-auth.ts"

const canary = "canary"

/** The row with a canary in every place that only the caller or the vendor fills. */
const poisoned = ({ auth }: Row): Row["auth"] => {
  if (auth === "unasked" || !("active" in auth && auth.active)) return auth
  return { ...auth, subject: canary, claims: { sub: canary, email: canary }, clientId: canary }
}

const headerOf =
  (lines: Lines) =>
  (name: string): string | undefined => {
    const values = lines.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value)
    return values.length === 0 ? undefined : values.join(", ")
  }

const secretsOf = (lines: Lines): ReadonlyArray<string> =>
  lines
    .filter(([name]) => /^(authorization|dpop|client-cert)$/i.test(name))
    .flatMap(([, value]) => value.split(/[ ,]+/))
    .filter((part) => part.length > 7 && !/^(negotiate|digest)/i.test(part))

const printed: Array<string> = []
const logger = Logger.make((entry) => void printed.push(inspect(entry, { depth: 6 })))
const tracer = Tracer.make({
  span: (options) => {
    const span = new Tracer.NativeSpan(options)
    printed.push(inspect(options, { depth: 2 }))
    return span
  },
})
const watched = await Effect.runPromise(
  Effect.context<never>().pipe(
    Effect.provide(Layer.mergeAll(Logger.layer([logger]), Layer.succeed(Tracer.Tracer, tracer))),
  ),
)

const decide = async (row: Row, api: "promise" | "effect") => {
  const { lines, options: { dpop, ...options } = {}, needs = {}, method = "GET", query = "" } = row
  const sent = typeof lines === "function" ? await lines("https://api.example/orders") : lines
  const told: Array<unknown> = []
  const all: GuardOptions = {
    ...options,
    ...(dpop !== undefined && { dpop: dpop() }),
    onRefusal: (refusal) => void told.push(refusal, new GuardError(refusal)),
    onError: (error) => void told.push(error),
  }
  const check = makeGuard(stubAuth(poisoned(row), api), all)(needs)
  const request = { method, target: `/orders${query}`, header: headerOf(sent), context: watched }
  if (row.twice === true) await check(request)
  return { decision: await check(request), told, secrets: secretsOf(sent) }
}

/** Everything that leaves the guard apart from the principal. */
const outputOf = (decision: Decision, told: ReadonlyArray<unknown>): string =>
  inspect([decision.ok ? decision.headers : decision.refusal, ...told], { depth: 9, maxStringLength: null }) +
  JSON.stringify([decision.ok ? decision.headers : decision.refusal, ...told])

describe("no token, proof, key or value of a claim", () => {
  it.each([...rows, ...dpopRows])("is in responses, hooks, logs and spans: $number $name", async (row) => {
    for (const api of ["promise", "effect"] as const) {
      printed.length = 0
      const { decision, told, secrets } = await decide(row, api)
      const output = outputOf(decision, told) + printed.join("\n")
      for (const secret of [...secrets, canary, token]) expect(output).not.toContain(secret)
    }
  })

  it("is in the message that the default report logs", async () => {
    const spy = vi.spyOn(console, "log").mockImplementation(() => undefined)
    const reason: Reason = { _tag: "InvalidClient", detail: "the secret is wrong" }
    const check = makeGuard(stubAuth({ fails: reason }))()
    await check({ method: "GET", target: "/", header: headerOf([["Authorization", `Bearer ${token}`]]) })
    const output = inspect(spy.mock.calls, { depth: 9 })
    spy.mockRestore()
    expect(output).toContain("stub.introspect: InvalidClient: the secret is wrong")
    expect(output).not.toContain(token)
  })
})

describe("a principal", () => {
  const principalOf = async () => {
    const check = makeGuard(stubAuth(active()))()
    const decision = await check({ method: "GET", target: "/", header: () => `Bearer ${token}` })
    return (decision.ok ? decision.principal : undefined) ?? expect.unreachable()
  }

  it("gives the token to those who ask for it", async () => {
    expect((await principalOf()).token).toBe(token)
  })

  it.each<[string, (principal: object) => unknown]>([
    ["JSON", (principal) => JSON.stringify(principal)],
    ["inspect", (principal) => inspect(principal, { showHidden: true, depth: 9, getters: false })],
    ["a copy", (principal) => inspect({ ...principal })],
    ["structuredClone", (principal) => inspect(structuredClone(principal))],
    ["its keys", (principal) => inspect([Object.entries(principal), Reflect.ownKeys(principal)])],
    ["a text", (principal) => `${principal}`],
  ])("does not have the token as %s", async (_, print) => {
    expect(print(await principalOf())).not.toContain(token)
  })

  it("has the same members with both APIs", async () => {
    const check = makeGuard(stubAuth(active(), "effect"))()
    const decision = await check({ method: "GET", target: "/", header: () => `Bearer ${token}` })
    expect(decision).toMatchObject({ ok: true, principal: { ...(await principalOf()) } })
    expect(await principalOf()).toMatchObject({ subject: "alice", clientId: "web", provider: "stub" })
  })
})

describe("an error of the client", () => {
  it.each(rows.filter(({ auth }) => auth !== "unasked" && ("fails" in auth || "throws" in auth)))(
    "is never a reason to throw a token away: $name",
    async (row) => {
      const { decision } = await decide(row, "promise")
      expect(decision.ok ? 200 : decision.refusal.status).toBeGreaterThanOrEqual(500)
      expect(decision.ok || decision.refusal.headers["www-authenticate"]).toBeUndefined()
    },
  )

  it("of another copy of latchkey is recognised by its tag", async () => {
    const foreign = { ...new AuthError({ provider: "a", operation: "b", reason: { _tag: "RateLimited" } }) }
    const check = makeGuard(stubAuth({ throws: { ...foreign, _tag: "AuthError" } }))()
    const decision = await check({ method: "GET", target: "/", header: () => `Bearer ${token}` })
    expect(decision).toMatchObject({ refusal: { status: 503, situation: "vendor-unavailable" } })
  })

  it("every situation is in a row, but those of a client that went away", async () => {
    const met = new Set<string>(["client-gone"])
    for (const row of [...rows, ...dpopRows]) {
      const { decision } = await decide(row, "promise")
      if (!decision.ok) met.add(decision.refusal.situation)
    }
    const ofProofs = /proof|nonce|replay/
    const expected = Object.keys(situations).filter((name) => dpopRows.length > 0 || !ofProofs.test(name))
    expect(Array.from(met).sort()).toEqual(expected.sort())
  })
})
