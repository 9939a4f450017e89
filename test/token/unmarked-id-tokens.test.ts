/** ID tokens without any mark of their kind, which a server finds active: none passes as an access token. */
import { type AuthError, createAuth, type IntrospectOptions } from "latchkey"
import { type OidcConfig, oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { audience, claims, issuer, signed, signingKey } from "../jwt/signing-keys.ts"
import { playingServer } from "./playing-server.ts"

const key = signingKey("RS256")
const client = { issuer, clientId: "app", clientSecret: "secret", cache: { maxAge: "1 minute" } } as const

/** OpenID Connect Core 2, without the optional members. */
const idClaims = { iss: claims.iss, sub: claims.sub, aud: audience, iat: claims.iat, exp: claims.exp }
const idToken = signed(key, { typ: "JWT" }, idClaims)
const withoutType = signed(key, { typ: undefined }, idClaims)
const encrypted = `${Buffer.from('{"alg":"RSA-OAEP","enc":"A256GCM"}').toString("base64url")}.a.b.c.d`
const accessToken = signed(key, { typ: "JWT" }, { ...idClaims, client_id: "web" })

type Token = NonNullable<OidcConfig["token"]>

/** A server that finds every token active, with these members. */
const open = (token: Token, members: object = idClaims, change: Partial<OidcConfig> = {}) => {
  const { asked, transport } = playingServer({
    ...{ issuer, keys: () => [key], answer: () => ({ active: true, token_type: "Bearer", ...members }) },
  })
  return { asked, auth: createAuth(oidc({ ...client, ...change, token }, { transport })) }
}

const outcome = (call: Promise<{ readonly active: boolean }>): Promise<unknown> =>
  call.then(
    ({ active }) => active,
    ({ reason }: AuthError) => (reason._tag === "InvalidConfig" ? reason.issues.map(({ path }) => path) : reason._tag),
  )

const kinds = ["hint", "access_only"] as const
const answers = ["introspection", "introspection_or_signature"] as const
const freshnesses: ReadonlyArray<IntrospectOptions["freshness"]> = [
  ...([undefined, "live", "prefer-local", { maxAge: "1 minute" }] as const),
]
const settings = kinds.flatMap((kind) => answers.map((each) => [kind, each] as const))

describe.each(settings)("with kind %s and answers %s", (kind, each) => {
  const audiences = [undefined, [audience], "any"] as const

  test("an ID token without a mark is an error that names token.jwt, with any freshness, and is not cached", async () => {
    for (const accepted of audiences)
      for (const token of [idToken, withoutType]) {
        const { auth, asked } = open({ kind, answers: each }, idClaims, { ...(accepted && { audience: accepted }) })
        for (const freshness of [...freshnesses, ...freshnesses])
          expect(await outcome(auth.introspect(token, { ...(freshness && { freshness }) }))).toEqual(["token.jwt"])
        expect(asked.length).toBe(2 * freshnesses.length)
        await auth.close()
      }
  })

  test("its explanation says so", async () => {
    const { auth } = open({ kind, answers: each })
    const { active, checks } = await auth.explain(idToken)
    expect(active).toBe(false)
    expect(checks.filter(({ passed }) => !passed)).toEqual([
      {
        check: "response.kind",
        passed: false,
        expected: "access_token",
        found: "not shown: see token.jwt in the configuration",
      },
    ])
  })

  test("the error names both settings, and no part of the token", async () => {
    const { auth } = open({ kind, answers: each })
    const error: AuthError = await auth.introspect(idToken).then(
      () => expect.unreachable("no error"),
      (caught) => caught,
    )
    for (const setting of ["token.jwt", "token.kind", "token.client"]) expect(error.message).toContain(setting)
    expect(JSON.stringify(error)).not.toContain(idToken.slice(0, 30))
  })

  test.each<[string, string, unknown]>([
    ["a JWT that names its client", accessToken, true],
    ["a JWT that says at+jwt", signed(key, { typ: "at+jwt" }, { ...idClaims, client_id: "web" }), true],
    ["an opaque token", "opaque", true],
    ["a JWT with the hash of another token", signed(key, { typ: "JWT" }, { ...idClaims, at_hash: "h" }), false],
    ["a JWT that says token_use id", signed(key, { typ: "JWT" }, { ...idClaims, token_use: "id" }), false],
  ])("%s is judged: %#", async (_, token, expected) => {
    expect(await outcome(open({ kind, answers: each }).auth.introspect(token))).toEqual(expected)
  })

  test("a token that the response marks as an access token is one", async () => {
    const { auth } = open({ kind, answers: each }, { ...idClaims, token_use: "access_token" })
    expect(await outcome(auth.introspect(idToken))).toBe(true)
  })
})

test.each(kinds)("with kind %s an encrypted JWT shows nothing", async (kind) => {
  const { auth } = open({ kind, answers: "introspection" })
  expect(await outcome(auth.introspect(encrypted))).toEqual(["token.jwt"])
})

test.each(kinds)("with kind %s a described format decides, and the client claim by another name", async (kind) => {
  const named = signed(key, { typ: "JWT" }, { ...idClaims, azp: "web" })
  expect(await outcome(open({ kind, client: ["azp"] }).auth.introspect(named))).toBe(true)
  expect(await outcome(open({ kind, jwt: {} }).auth.introspect(idToken))).toBe(false)
  expect(await outcome(open({ kind, jwt: {}, clientUnsaid: true }).auth.introspect(idToken))).toBe(true)
})

test("without a setting, the error names token.kind", async () => {
  expect(await outcome(open({}).auth.introspect(idToken))).toEqual(["token.kind"])
})
