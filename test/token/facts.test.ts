/** The facts of a token beyond subject, client and scopes: the same from signed claims and from an introspection response. */
import { type ActiveToken, createAuth, type TokenState } from "latchkey"
import { oidc } from "latchkey/oidc"
import { describe, expect, expectTypeOf, test } from "vitest"
import { audience, claims, issuer, now, signed, signingKey } from "../jwt/signing-keys.ts"
import { policiesOff } from "../policies-off.ts"
import { playingServer } from "./playing-server.ts"

type Json = Readonly<Record<string, unknown>>

const key = signingKey("RS256")

const introspect = (answers: "signature" | "introspection", members: Json): Promise<TokenState> => {
  const all = { ...claims, ...members }
  const answer = () => ({ active: true, token_use: "access_token", ...all })
  const { transport } = playingServer({ issuer, keys: () => [key], answer })
  const config = {
    ...policiesOff,
    issuer,
    clientId: "app",
    clientSecret: "secret",
    audience: [audience],
    token: { answers },
  }
  return createAuth(oidc(config, { transport })).introspect(answers === "signature" ? signed(key, {}, all) : "opaque")
}

const facts = ["confirmation", "acr", "authTime", "sessionId", "authorizationDetails"] as const

describe.each(["signature", "introspection"] as const)("a token state from the %s", (answers) => {
  test.each<[string, Json, Json]>([
    ["the thumbprint of a DPoP key", { cnf: { jkt: "abc" } }, { confirmation: { jkt: "abc" } }],
    ["the thumbprint of a certificate", { cnf: { "x5t#S256": "def" } }, { confirmation: { x5tS256: "def" } }],
    ["both", { cnf: { jkt: "abc", "x5t#S256": "def" } }, { confirmation: { jkt: "abc", x5tS256: "def" } }],
    ["a binding that latchkey cannot check", { cnf: { jwk: {} } }, { confirmation: {} }],
    ["a binding of another type, which is no bearer token either", { cnf: "abc" }, { confirmation: {} }],
    ["a thumbprint of another type", { cnf: { jkt: 5 } }, { confirmation: {} }],
    ["no binding", { cnf: null }, {}],
    ["the class of the login", { acr: "urn:mfa" }, { acr: "urn:mfa" }],
    ["the time of the login", { auth_time: now - 90 }, { authTime: new Date((now - 90) * 1000) }],
    ["the session", { sid: "s1" }, { sessionId: "s1" }],
    [
      "what the token permits",
      { authorization_details: [{ type: "payment", amount: 5 }] },
      { authorizationDetails: [{ type: "payment", amount: 5 }] },
    ],
    ["nothing", {}, {}],
    ["members that are null or empty", { acr: "", sid: null, auth_time: null, authorization_details: null }, {}],
    ["details of another type", { authorization_details: [{ amount: 5 }] }, {}],
    ["a time that is no number", { auth_time: "yesterday" }, {}],
    ["a time out of range", { auth_time: 1e300 }, {}],
  ])("has %s", async (_, members, expected) => {
    const state = await introspect(answers, members)
    expect(state.active).toBe(true)
    const found = Object.fromEntries(
      facts.flatMap((name) => (name in state ? [[name, (state as unknown as Json)[name]]] : [])),
    )
    expect(found).toEqual(expected)
    expect((state as ActiveToken).claims).toMatchObject(members)
  })
})

test("a caller cannot change the time of the login in a cached state", async () => {
  const { transport, asked } = playingServer({
    issuer,
    answer: () => ({ active: true, token_use: "access_token", ...claims, auth_time: now - 90 }),
  })
  const config = { issuer, clientId: "app", clientSecret: "secret", audience: [audience] }
  await using auth = createAuth(oidc(config, { transport }))
  for (let call = 0; call < 4; call++) {
    const state = await auth.introspect("opaque")
    expect(state).toMatchObject({ authTime: new Date((now - 90) * 1000) })
    // The first caller has a state of its own.
    if (state.active) state.authTime?.setTime(0)
  }
  expect(asked).toHaveLength(1)
})

test("the facts have types", () => {
  expectTypeOf<ActiveToken["confirmation"]>().toEqualTypeOf<
    { readonly jkt?: string; readonly x5tS256?: string } | undefined
  >()
  expectTypeOf<ActiveToken["acr"]>().toEqualTypeOf<string | undefined>()
  expectTypeOf<ActiveToken["authTime"]>().toEqualTypeOf<Date | undefined>()
  expectTypeOf<ActiveToken["sessionId"]>().toEqualTypeOf<string | undefined>()
  expectTypeOf<NonNullable<ActiveToken["authorizationDetails"]>[number]["type"]>().toEqualTypeOf<string>()
})
