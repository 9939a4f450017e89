/** Every request that is not valid, in every binding: the answer, and that no session ends. */
import type { Outcome } from "latchkey/logout"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { bindings, form, type Running } from "./bindings.ts"
import { formWith, issuer, logoutToken, recordedClient } from "./logout-tokens.ts"
import { rows, unknownKeyRows } from "./rows.ts"

const invalid = {
  status: 400,
  headers: { "cache-control": "no-store", "content-type": "application/json", "retry-after": null, allow: null },
  body: '{"error":"invalid_request","error_description":"The request must have one valid logout token in its form."}',
}

describe.each(bindings)("the logout handler in $name", ({ start }) => {
  const { client, ended } = recordedClient()
  const outcomes: Array<Outcome> = []
  const logouts: Array<unknown> = []
  let server: Running
  beforeAll(async () => {
    server = await start(client, {
      onOutcome: (outcome) => outcomes.push(outcome),
      onLogout: (logout) => logouts.push(logout),
    })
  })
  afterAll(() => server.close())

  it.each(rows)("answers $name with 400, and no session ends", async ({ request, outcome }) => {
    outcomes.length = 0
    expect(await server.send(request())).toEqual(invalid)
    expect(outcomes).toEqual([outcome])
    expect([ended, logouts]).toEqual([[], []])
  })

  it("answers another method with 405, and no session ends", async () => {
    const response = await server.send({ method: "PUT", body: formWith(logoutToken()) })
    expect(response).toMatchObject({ status: 405, headers: { allow: "POST", "cache-control": "no-store" } })
    expect(ended).toEqual([])
  })

  it("answers a valid token with 200 after the session has ended, once", async () => {
    const body = `${formWith(logoutToken({ jti: "the only one", iat: 1 + Math.floor(Date.now() / 1000) }))}&other=1`
    const request = { type: `${form}; charset=utf-8`, body }
    expect(await server.send(request)).toEqual({
      status: 200,
      headers: { "cache-control": "no-store", "content-type": null, "retry-after": null, allow: null },
      body: "",
    })
    expect(ended).toEqual([{ issuer, subject: "user-1", session: "session-1", at: expect.any(Number) }])
    expect(logouts).toMatchObject([{ subject: "user-1", session: "session-1", tokenId: "the only one" }])
    expect(await server.send(request)).toEqual(invalid)
    expect(outcomes.slice(-2)).toEqual(["done", "replayed"])
    expect([ended.length, logouts.length]).toEqual([1, 1])
  })
})

describe("a logout token with a key that is not known yet", () => {
  it.each(unknownKeyRows)("with $name gets 503, so that the sender tries again", async ({ request, outcome }) => {
    const { client, ended } = recordedClient()
    const [binding] = bindings
    const outcomes: Array<Outcome> = []
    const server = await binding?.start(client, {
      timeout: "200 milliseconds",
      onOutcome: (outcome) => outcomes.push(outcome),
    })
    const response = await server?.send(request())
    expect(response).toMatchObject({ status: 503, headers: { "retry-after": "5", "cache-control": "no-store" } })
    expect(outcomes).toEqual([outcome])
    expect(ended).toEqual([])
    await server?.close()
  })
})
