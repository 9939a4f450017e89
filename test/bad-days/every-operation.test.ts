import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import type { DurationInput } from "latchkey"
import { AuthError } from "latchkey/effect"
import { describe, expect, it } from "vitest"
import { oidcCalls, oryOperations } from "./calls.ts"
import { bodyFaults, type Fault, faults } from "./faults.ts"
import { type OidcProvider, type OryProvider, oidcAt, oryAt } from "./providers.ts"
import { scripted } from "./scripted-server.ts"
import { closedOrigin, json, respond } from "./scripts.ts"

type Run = (url: string, timeout: number) => Promise<Exit.Exit<unknown, AuthError>>

const run =
  <P>(
    at: (url: string, more: { readonly attemptTimeout: DurationInput }) => Effect.Effect<P, AuthError, Scope.Scope>,
    call: (provider: P) => Effect.Effect<unknown, AuthError>,
  ): Run =>
  (url, attemptTimeout) =>
    Effect.runPromiseExit(Effect.scoped(Effect.flatMap(at(url, { attemptTimeout: `${attemptTimeout} millis` }), call)))

const operations: ReadonlyArray<readonly [string, Run]> = [
  ...Object.entries(oidcCalls).map(([name, call]) => [`oidc ${name}`, run<OidcProvider>(oidcAt, call)] as const),
  ...oryOperations.map(([name, call]) => [`ory ${name}`, run<OryProvider>(oryAt, call)] as const),
]

/** RFC 7009 section 2.2: the client ignores the body of a revocation's 200. */
const isSuccess = (operation: string, fault: Fault) => operation.endsWith(" revoke") && bodyFaults.includes(fault)

const authErrorOf = (exit: Exit.Exit<unknown, AuthError>): AuthError => {
  if (Exit.isSuccess(exit)) throw new Error(`the call succeeded with ${JSON.stringify(exit.value)}`)
  expect(exit.cause.reasons.map(({ _tag }) => _tag)).toEqual(["Fail"])
  const error = Cause.squash(exit.cause)
  if (!(error instanceof AuthError)) throw new Error(`the call failed with ${String(error)}`)
  return error
}

describe.concurrent.each(operations)("%s", (operation, perform) => {
  const [provider, name] = operation.split(" ")

  it.each(faults.filter((fault) => !isSuccess(operation, fault)).map((fault) => [fault.name, fault] as const))(
    "fails with the expected reason on %s",
    async (_, fault) => {
      await using server = await scripted(fault.script)
      const start = performance.now()
      const error = authErrorOf(await perform(server.url, fault.timeout ?? 5000))
      expect(performance.now() - start).toBeLessThan((fault.timeout ?? 2000) + 1000)
      expect(error).toMatchObject({ provider, operation: name })
      expect(error.reason).toMatchObject(fault.reason)
      expect(error.isRetryable).toBe(error.reason._tag === "Unavailable" || error.reason._tag === "RateLimited")
      if (fault.after !== undefined) {
        const seconds = error.retryAfter === undefined ? undefined : Duration.toSeconds(error.retryAfter)
        expect(seconds).toBeGreaterThanOrEqual(fault.after[0])
        expect(seconds).toBeLessThanOrEqual(fault.after[1])
      }
    },
  )

  it("rejects a redirect as an UnexpectedResponse and does not follow it", async () => {
    await using target = await scripted(json({ active: false }))
    await using server = await scripted(respond(307, "", { location: `${target.url}/elsewhere` }))
    expect(authErrorOf(await perform(server.url, 2000)).reason).toMatchObject({
      _tag: "UnexpectedResponse",
      status: 307,
    })
    expect(target.connections().opened).toBe(0)
    expect(server.requests).toHaveLength(1)
  })

  it("is unavailable when the connection is refused", async () => {
    expect(authErrorOf(await perform(await closedOrigin(), 2000)).reason._tag).toBe("Unavailable")
  })
})

it("no response changes Object.prototype", () => {
  expect(Object.hasOwn(Object.prototype, "active")).toBe(false)
  expect({}).not.toHaveProperty("access_token")
})

describe.each([
  ["oidc", run<OidcProvider>(oidcAt, (auth) => auth.revoke("token"))],
  ["ory", run<OryProvider>(oryAt, (auth) => auth.revoke("token"))],
] as const)("%s revoke", (_, perform) => {
  it.each(bodyFaults.filter(({ name }) => !/reset|100 000/.test(name)).map((fault) => [fault.name, fault] as const))(
    "treats %s as success, as RFC 7009 requires",
    async (__, fault) => {
      await using server = await scripted(fault.script)
      expect(Exit.isSuccess(await perform(server.url, 2000))).toBe(true)
    },
  )
})
