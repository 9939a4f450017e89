import type { ClientLifespans } from "latchkey"
import { describe, expect, test } from "vitest"
import { droppedLifespan, lifespansToWire } from "../../src/adapters/ory/lifespans.ts"

type Lifespans = ClientLifespans["lifespans"]

describe("lifespans for Ory", () => {
  const all = { accessToken: 1, idToken: 2, refreshToken: 3 }

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
    [{ client_credentials: { accessToken: 3600 } }, { client_credentials_grant_access_token_lifespan: "3600s" }],
    [{ jwt_bearer: { accessToken: 0 } }, { jwt_bearer_grant_access_token_lifespan: "0s" }],
    [
      { implicit: { accessToken: 1, idToken: 2 } },
      { implicit_grant_access_token_lifespan: "1s", implicit_grant_id_token_lifespan: "2s" },
    ],
  ])("%j is %j", (ours, wire) => {
    expect(lifespansToWire(ours)).toEqual(wire)
  })

  test.each<[Lifespans, string]>([
    [{ client_credentials: { refreshToken: 1 } }, "lifespans.client_credentials.refreshToken"],
    [{ client_credentials: { idToken: 1 } }, "lifespans.client_credentials.idToken"],
    [{ implicit: { refreshToken: 1 } }, "lifespans.implicit.refreshToken"],
    [{ jwt_bearer: { idToken: 1 } }, "lifespans.jwt_bearer.idToken"],
  ])("%j is refused: that grant gives no such token", (ours, field) => {
    expect(lifespansToWire(ours)).toMatchObject({ _tag: "InvalidRequest", field })
  })
})

describe("lifespans that came back", () => {
  const sent = { refresh_token_grant_access_token_lifespan: "5400s" }

  test.each(["1h30m0s", "90m0s", "5400s", "1h30m"])("are the same as sent, written as %s", (got) => {
    expect(droppedLifespan(sent, { refresh_token_grant_access_token_lifespan: got })).toBeUndefined()
  })

  test.each([undefined, null, "", "1h", "5401s", "5400", 5400, "1.5h"])("are dropped when %j came back", (got) => {
    expect(droppedLifespan(sent, { refresh_token_grant_access_token_lifespan: got })).toMatchObject({
      _tag: "InvalidRequest",
      field: "lifespans.refresh_token.accessToken",
    })
  })

  test("name the grant that an older release does not know", () => {
    const device = { device_authorization_grant_refresh_token_lifespan: "60s" }
    expect(droppedLifespan(device, {})).toHaveProperty("field", "lifespans.device_code.refreshToken")
  })

  test("of no time at all are kept", () => {
    expect(droppedLifespan({ a: "0s" }, { a: "0s" })).toBeUndefined()
  })
})
