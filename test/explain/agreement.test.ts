/** An explanation and `introspect` never contradict each other. */
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { type AuthShape, make, type TokenState } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { confusions, wrongClaims } from "../jwt/hostile-tokens.ts"
import { audience, claims, issuer, now, signed, signingKey, token } from "../jwt/signing-keys.ts"
import { down, introspection, jwkSet, kindeOf, oryOf, run, type Vendor, vendor } from "../jwt/vendor.ts"
import { policiesOff } from "../policies-off.ts"
import { json } from "../unit/scripted-transport.ts"
import { configuration } from "../unit/standard-server.ts"

const key = signingKey("RS256", "7a:f3:01")
const other = signingKey("RS256", "7a:f3:01")

type Json = Readonly<Record<string, unknown>>

const response = {
  active: true,
  token_use: "access_token",
  client_id: "app",
  sub: "user-1",
  aud: [audience],
  iss: issuer,
  iat: claims.iat,
  exp: claims.exp,
}

/** Whether `introspect` calls the token active; an error is no active token. Then whether every check has passed. */
const bothOf = (auth: Pick<AuthShape, "introspect" | "explain">, accessToken: string) =>
  run(
    Effect.gen(function* () {
      const state = yield* Effect.orElseSucceed(
        auth.introspect(accessToken, { freshness: "live" }),
        (): TokenState => ({ active: false }),
      )
      const { active, checks } = yield* auth.explain(accessToken)
      expect(checks.length).toBeGreaterThan(0)
      expect(active).toBe(checks.every(({ passed }) => passed))
      return [state.active, active, checks] as const
    }),
  )

const expectAgreement = async (auth: Parameters<typeof bothOf>[0], accessToken: string): Promise<boolean> => {
  const [isActive, allPassed, checks] = await bothOf(auth, accessToken)
  expect([allPassed, checks]).toEqual([isActive, checks])
  return isActive
}

const vendorWith = (state: Json): Vendor => {
  const transport = vendor(key.jwk)
  transport.live = introspection(state)
  return transport
}

describe.each([
  ["ory", oryOf],
  ["kinde", kindeOf],
] as const)("an explanation of %s agrees with introspect", (_vendor, open) => {
  test("for a token of the vendor: every check has passed", async () => {
    expect(await expectAgreement(open(vendorWith(response)), await token(key))).toBe(true)
  })

  test.each([...confusions(other), ...wrongClaims])("for a token that %s", async (_what, makeToken) => {
    const accessToken = await makeToken(key)
    expect(await expectAgreement(open(vendorWith(response)), accessToken)).toBe(false)
  })

  test.each(["", " ", "opaque token", "Ünicode", "opaque", "eyJ.", "eyJ.."])("for the text %j", async (text) => {
    await expectAgreement(open(vendorWith(response)), text)
  })

  test("for a text that is too long", async () => {
    expect(await expectAgreement(open(vendorWith(response)), "x".repeat((1 << 20) + 1))).toBe(false)
  })

  test.each([
    ["without keys", down],
    ["with an empty key set", jwkSet()],
    ["with a key set that is a page", Effect.succeed({ ...json({}), headers: { "content-type": "text/html" } })],
    ["with two keys of one kid", jwkSet(key.jwk, other.jwk)],
    ["with the same key twice", jwkSet(key.jwk, key.jwk)],
    ["with keys of which one is malformed", jwkSet({ ...other.jwk, n: "AA" }, { ...key.jwk, kid: "another" })],
  ] as const)("%s", async (_what, keys) => {
    const transport = vendorWith(response)
    transport.keys = keys
    await expectAgreement(open(transport), await token(key))
    transport.live = down
    expect(await expectAgreement(open(transport), await token(key))).toBe(false)
  })
})

/** The right value, most of the time, so that every check is also reached. */
const mostly = (right: unknown, ...others: ReadonlyArray<unknown>) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant(right) },
    { weight: 2, arbitrary: fc.constantFrom(undefined, null, "", 5, ...others) },
  )

const times = [0, -1, now - 3600, now - 60, now, now + 10, now + 3600, String(now + 3600), "soon", 1e300]

/** Introspection responses: each member is right, absent, wrong or of another type. */
const responses = fc.record({
  active: mostly(true, false, "true"),
  token_use: mostly("access_token", "refresh_token", "id_token"),
  client_id: mostly("app", "another"),
  sub: mostly("user-1", "user-2"),
  aud: mostly(audience, [audience], [audience, "https://more.example"], "https://other.example", [], [5]),
  iss: mostly(issuer, `${issuer}/`),
  iat: mostly(claims.iat, ...times),
  nbf: mostly(claims.iat, ...times),
  exp: mostly(claims.exp, ...times),
})

/** Claims of a token that the vendor has signed. */
const claimSets = fc.record({
  iss: mostly(issuer, `${issuer}/`),
  sub: mostly("user-1"),
  client_id: mostly("app"),
  azp: mostly("app"),
  aud: mostly(audience, [audience], "https://other.example", [5]),
  nbf: mostly(claims.iat, ...times),
  exp: mostly(claims.exp, ...times),
})

describe("an explanation agrees with introspect", () => {
  test("for any introspection response to an opaque token, of any vendor and configuration", async () => {
    const standard = (transport: Vendor, audiences: ReadonlyArray<string> | "any" | undefined) =>
      Effect.runSync(
        Effect.scoped(
          make(
            oidc(
              { ...configuration, ...policiesOff, ...(audiences !== undefined && { audience: audiences }) },
              { transport },
            ),
          ),
        ),
      )
    let active = 0
    const accepted = fc.constantFrom([audience], "any" as const, undefined)
    await fc.assert(
      fc.asyncProperty(responses, accepted, async (raw, audiences) => {
        const transport = vendorWith(raw)
        const all = [standard(transport, audiences), oryOf(transport), kindeOf(transport)]
        for (const auth of all) if (await expectAgreement(auth, "opaque-token")) active += 1
      }),
      { numRuns: 200 },
    )
    expect(active).toBeGreaterThan(20)
  })

  test("for any claims of a signed token, with any introspection response", async () => {
    let active = 0
    await fc.assert(
      fc.asyncProperty(claimSets, responses, fc.boolean(), async (changes, raw, isUsual) => {
        const transport = vendorWith(isUsual ? response : raw)
        const accessToken = signed(key, {}, { ...claims, ...changes })
        for (const auth of [oryOf(transport), kindeOf(transport)])
          if (await expectAgreement(auth, accessToken)) active += 1
      }),
      { numRuns: 200 },
    )
    expect(active).toBeGreaterThan(20)
  })

  test.each([200, 204, 301, 400, 401, 403, 404, 429, 500, 503])("for a response of status %d", async (status) => {
    const transport = vendor(key.jwk)
    transport.live = Effect.succeed(json(response, status))
    expect(await expectAgreement(oryOf(transport), await token(key))).toBe(status === 200)
  })
})
