/** What a route decides by does not change after it is made, and what a handler gets is of its request alone. */
import { createAuth } from "latchkey"
import { oidc } from "latchkey/oidc"
import { describe, expect, it } from "vitest"
import { expirySignal } from "../../src/guard/expiry-signal.ts"
import { makeGuard } from "../../src/guard/guard.ts"
import type { Principal } from "../../src/guard/principal.ts"
import { issuer, now } from "../jwt/signing-keys.ts"
import { playingServer } from "../token/playing-server.ts"
import { coreRequest } from "./core-request.ts"
import { active, token } from "./row.ts"
import { stubAuth } from "./stub-auth.ts"

const request = coreRequest({ authorization: `Bearer ${token}` })

describe("the requirements of a route", () => {
  it("are those that it was made with, although the application changes its lists", async () => {
    const scopes = ["orders:write"]
    const acr = ["phr"]
    const needs = { scopes, acr }
    const check = makeGuard(stubAuth(active({ acr: "pwd" })))(needs)
    scopes.length = 0
    acr.push("pwd")
    Object.assign(needs, { optional: true })
    const decision = await check(request)
    expect(decision).toMatchObject({ ok: false, refusal: { situation: "scope-missing" } })
    expect(await check(coreRequest({}))).toMatchObject({ ok: false })
  })

  it("are not met by a login whose time is no number", async () => {
    const state = active({ authTime: new Date(Number.NaN) })
    const decision = await makeGuard(stubAuth(state))({ maxAuthAge: "5 minutes" })(request)
    expect(decision).toMatchObject({ ok: false, refusal: { situation: "login-insufficient" } })
  })
})

describe("the signal of a long response", () => {
  it("is aborted at once if the end of the token is no number", () => {
    expect(expirySignal({ expiresAt: new Date(Number.NaN) }).aborted).toBe(true)
  })
})

describe("the principals of requests with one token", () => {
  const answer = () => ({
    active: true,
    token_type: "access_token",
    exp: now + 3600,
    auth_time: now,
    scope: "orders:read",
    aud: ["orders"],
    address: { country: "NO" },
  })

  /** What a careless handler does to its principal. A member that is frozen throws. */
  const spoil = ({ expiresAt, authTime, scopes, audience, claims }: Principal): void => {
    expiresAt?.setTime(0)
    authTime?.setTime(0)
    for (const member of [scopes, audience, claims, claims.address]) {
      try {
        Object.assign(member ?? {}, { 0: "admin" })
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError)
      }
    }
  }

  const plain = ({ expiresAt, authTime, scopes, audience, claims }: Principal): string =>
    JSON.stringify({ expiresAt, authTime, scopes, audience, claims })

  it.each([
    ["after each other", false],
    ["at the same time", true],
  ])("share nothing that a handler can change: %s", async (_, isAtOnce) => {
    const server = playingServer({ issuer, keys: () => [], answer })
    const config = { issuer, clientId: "app", clientSecret: "secret", token: { answers: "introspection" } } as const
    await using auth = createAuth(oidc(config, { transport: server.transport }))
    const check = makeGuard(auth)()
    const ask = async (): Promise<Principal> => {
      const decision = await check(request)
      if (decision.ok && decision.principal !== undefined) return decision.principal
      return expect.unreachable()
    }
    const principals = isAtOnce ? await Promise.all([ask(), ask(), ask()]) : [await ask(), await ask(), await ask()]
    expect(server.asked).toHaveLength(1)
    const before = plain(principals[0] as Principal)
    for (const [at, principal] of principals.entries()) {
      spoil(principal)
      for (const other of [...principals.slice(at + 1), await ask()]) expect(plain(other)).toBe(before)
    }
  })
})
