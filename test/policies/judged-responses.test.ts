import * as Effect from "effect/Effect"
import { make } from "latchkey/effect"
import { baseUrl, define, settings } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { json } from "../unit/scripted-transport.ts"
import { isOwn, run, settle, type Vendor, vendor } from "./vendor.ts"

const issuer = "https://acme.example"

/** A vendor whose error table turns both kinds of status around. */
const acme = define({
  id: "acme",
  config: z.strictObject({ ...settings, tenant: baseUrl }),
  can: ["introspect"],
  server: ({ tenant }) => ({
    issuer: tenant,
    metadataUrl: `${tenant}/metadata`,
    clientAuth: "client_secret_basic",
    endpoints: { introspectionEndpoint: `${tenant}/introspect` },
    errors: [
      { status: 500, code: "bad_argument", reason: "InvalidRequest" },
      { status: 500, code: "elsewhere", operations: ["revoke"], reason: "InvalidRequest" },
      { status: 400, contains: "database is away", reason: "Unavailable" },
    ],
  }),
})

/** The own requests after ten calls that got this response. */
const ownRequestsAfter = async (status: number, body: object): Promise<number> => {
  const transport: Vendor = vendor(() => Effect.succeed(json(body, status)))
  await run(
    Effect.gen(function* () {
      const config = {
        tenant: issuer,
        clientId: "app",
        clientSecret: "secret",
        retry: false as const,
        log: () => undefined,
      }
      const auth = yield* make(acme(config, { transport }))
      for (let call = 0; call < 10; call++) yield* Effect.exit(auth.introspect(`token-${call}`))
      yield* settle
    }),
  )
  return transport.requests.filter(isOwn).length
}

describe("a response counts for the circuit breaker as the vendor's error table reads it:", () => {
  test.each([
    ["a 500 that means a wrong argument is no outage", 500, { error: "bad_argument" }, 0],
    ["a 500 that means so for another operation only is one", 500, { error: "elsewhere" }, 1],
    ["any other 500 is one", 500, { error: "other" }, 1],
    ["a 400 that means an outage is one", 400, { error: "invalid", error_description: "database is away" }, 1],
    ["any other 400 is none", 400, { error: "invalid" }, 0],
  ])("%s", async (_, status, body, expected) => {
    expect(await ownRequestsAfter(status, body)).toBe(expected)
  })
})
