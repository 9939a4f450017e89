import type { ClientLifespans } from "latchkey"
import { describe, expect, test } from "vitest"
import { checkLifespans, lifespansToWire } from "../../src/adapters/ory/lifespans.ts"

type Lifespans = ClientLifespans["lifespans"]

describe("lifespans for Ory", () => {
  const all = { accessToken: "1 second", idToken: "2 seconds", refreshToken: "3 seconds" } as const

  test.each<[Lifespans, Readonly<Record<string, string>>]>([
    [{}, {}],
    [{ refresh_token: {} }, {}],
    [
      { authorization_code: all },
      {
        authorization_code_grant_access_token_lifespan: "1s",
        authorization_code_grant_id_token_lifespan: "2s",
        authorization_code_grant_refresh_token_lifespan: "3s",
      },
    ],
    [
      { refresh_token: all },
      {
        refresh_token_grant_access_token_lifespan: "1s",
        refresh_token_grant_id_token_lifespan: "2s",
        refresh_token_grant_refresh_token_lifespan: "3s",
      },
    ],
    [
      { device_code: all },
      {
        device_authorization_grant_access_token_lifespan: "1s",
        device_authorization_grant_id_token_lifespan: "2s",
        device_authorization_grant_refresh_token_lifespan: "3s",
      },
    ],
    [{ client_credentials: { accessToken: "1 hour" } }, { client_credentials_grant_access_token_lifespan: "3600s" }],
    [{ jwt_bearer: { accessToken: "0 seconds" } }, { jwt_bearer_grant_access_token_lifespan: "0s" }],
    [
      { implicit: { accessToken: "1 second", idToken: "2 seconds" } },
      { implicit_grant_access_token_lifespan: "1s", implicit_grant_id_token_lifespan: "2s" },
    ],
  ])("%j are sent as %j", (input, wire) => {
    expect(lifespansToWire(input)).toEqual(wire)
  })

  test.each<[Lifespans, string]>([
    [{ client_credentials: { refreshToken: "1 second" } }, "lifespans.client_credentials.refreshToken"],
    [{ client_credentials: { idToken: "1 second" } }, "lifespans.client_credentials.idToken"],
    [{ implicit: { refreshToken: "1 second" } }, "lifespans.implicit.refreshToken"],
    [{ jwt_bearer: { idToken: "1 second" } }, "lifespans.jwt_bearer.idToken"],
  ])("%j are rejected, because the grant issues no such token", (input, field) => {
    expect(lifespansToWire(input)).toMatchObject({ _tag: "InvalidRequest", field })
  })
})

describe("lifespans in a response", () => {
  const sent = { refresh_token_grant_access_token_lifespan: "5400s" }

  test.each(["1h30m0s", "90m0s", "5400s", "1h30m"])("equal the sent lifespans when written as %s", (received) => {
    expect(checkLifespans(sent, { refresh_token_grant_access_token_lifespan: received })).toBeUndefined()
  })

  test.each([undefined, null, "", "1h", "5401s", "5400", 5400, "1.5h"])(
    "count as dropped when the response has %j",
    (received) => {
      expect(checkLifespans(sent, { refresh_token_grant_access_token_lifespan: received })).toMatchObject({
        _tag: "InvalidRequest",
        field: "lifespans.refresh_token.accessToken",
      })
    },
  )

  test("that an older release drops are reported with their grant", () => {
    const device = { device_authorization_grant_refresh_token_lifespan: "60s" }
    expect(checkLifespans(device, {})).toHaveProperty("field", "lifespans.device_code.refreshToken")
  })

  test("of zero seconds do not count as dropped", () => {
    expect(checkLifespans({ a: "0s" }, { a: "0s" })).toBeUndefined()
  })
})
