import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, test, vi } from "vitest"
import { machineTokensOf, open as openKinde, reasonOf, startTenant, web } from "../kinde/tenant.ts"
import { json, rawResponse } from "../unit/scripted-transport.ts"
import { active, open, run, settings, start, tokens, vendor } from "./vendor.ts"

const { issuer, endpoints } = settings
const metadataPath = "/.well-known/openid-configuration"
const document = Effect.succeed(json({ issuer, introspection_endpoint: endpoints.introspectionEndpoint }))

const pageOf = (status: number) => Effect.succeed(rawResponse(status, "text/html", "<!doctype html><p>log in</p>"))
const options = { retry: false, circuitBreaker: false } as const

const setClocks = (minutes: number) =>
  Effect.suspend(() => {
    vi.setSystemTime(start + minutes * 60_000)
    return TestClock.setTime(start + minutes * 60_000)
  })

describe.each([200, 302, 401, 403, 404, 503])("a web page with status %d", (status) => {
  test("does not replace the metadata document", async () => {
    const transport = vendor(({ url }) => (url.endsWith(metadataPath) ? document : active()))
    const auth = open(transport, { ...options, endpoints: undefined, cache: false })
    const states = await run(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        transport.respond = ({ url }) => (url.endsWith(metadataPath) ? pageOf(status) : active())
        const results: Array<unknown> = []
        for (const minutes of [11, 12, 30]) {
          yield* setClocks(minutes)
          results.push(yield* auth.introspect("token"))
          results.push(yield* auth.introspect("token"))
        }
        return results
      }),
    )
    expect(states).toHaveLength(6)
    for (const state of states) expect(state).toMatchObject({ active: true })
    expect(transport.count(metadataPath)).toBeGreaterThan(1)
  })

  test("does not remove a cached service token", async () => {
    const transport = vendor(() => tokens())
    const auth = open(transport, options)
    const kept = await run(
      Effect.gen(function* () {
        yield* auth.clientCredentials()
        transport.respond = () => pageOf(status)
        const userInfo = yield* Effect.flip(auth.userInfo("issued"))
        yield* TestClock.adjust("570 seconds")
        const renewed = [yield* auth.clientCredentials(), yield* auth.clientCredentials()]
        return { userInfo: userInfo.reason, renewed: renewed.map(({ accessToken }) => accessToken) }
      }),
    )
    expect(kept).toMatchObject({ userInfo: { _tag: "Unavailable", status }, renewed: ["issued", "issued"] })
  })

  test("is no answer about a token, so that a stale one serves", async () => {
    const transport = vendor(() => active())
    const auth = open(transport, { ...options, staleIfError: "5 minutes" })
    const state = await run(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        transport.respond = () => pageOf(status)
        yield* TestClock.adjust("1 minute")
        return yield* auth.introspect("token")
      }),
    )
    expect(state).toMatchObject({ active: true, source: { stale: true } })
  })

  test("of a management API does not replace the service token", async () => {
    await using tenant = await startTenant()
    await using auth = openKinde(tenant)
    await auth.clients.get(web.clientId)
    const headers = { "content-type": "text/html" }
    tenant.faults.add({ path: /^\/api\/v1\//, times: 100, fault: { kind: "status", status, headers, body: "<html>" } })
    expect(await reasonOf(auth.clients.get(web.clientId))).toMatchObject({ _tag: "Unavailable", status })
    expect(machineTokensOf(tenant)).toBe(1)
  })

  test("is no success of a request without a result", async () => {
    await using tenant = await startTenant()
    await using auth = openKinde(tenant)
    const headers = { "content-type": "text/html" }
    tenant.faults.add({
      path: /^\/api\/v1\//,
      method: "DELETE",
      fault: { kind: "status", status, headers, body: "<html>" },
    })
    expect(await reasonOf(auth.clients.remove(web.clientId))).toMatchObject({ _tag: "Unavailable", status })
    expect(await auth.clients.get(web.clientId)).toMatchObject({ clientId: web.clientId })
  })
})
