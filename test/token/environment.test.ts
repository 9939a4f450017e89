/** The member `token` in environment variables: one for each of its members. */
import * as Effect from "effect/Effect"
import { type AnyProvider, createAuth, fromEnv, type Issue } from "latchkey"
import { kinde } from "latchkey/kinde"
import { type OidcConfig, oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { polar } from "latchkey/polar"
import { describe, expect, test } from "vitest"
import { membersOf } from "../../src/adapters/oidc/configuration/environment.ts"
import { variableOf } from "../../src/environment.ts"

type Env = Readonly<Record<string, string>>
type Token = Required<NonNullable<OidcConfig["token"]>>

const standard: Env = {
  LATCHKEY_PROVIDER: "oidc",
  LATCHKEY_ISSUER: "https://id.example",
  LATCHKEY_CLIENT_ID: "app",
  LATCHKEY_CLIENT_SECRET: "secret",
  LATCHKEY_AUDIENCE: "api",
}

const open = (env: Env): Promise<AnyProvider> => Effect.runPromise(Effect.scoped(fromEnv({ ...standard, ...env })))

const issuesOf = async (env: Env): Promise<ReadonlyArray<Issue>> => {
  const { reason } = await Effect.runPromise(Effect.flip(Effect.scoped(fromEnv({ ...standard, ...env }))))
  return reason._tag === "InvalidConfig" ? reason.issues : expect.unreachable(reason._tag)
}

/** Each member, as text and as value. */
const members: { readonly [Name in keyof Token]: readonly [string, Token[Name]] } = {
  answers: ["introspection_or_signature", "introspection_or_signature"],
  kind: ['[{"name":"jti","starts":"AT.","use":"access_token"}]', [{ name: "jti", starts: "AT.", use: "access_token" }]],
  issuers: ['[{"issuer":"https://b.example"}]', [{ issuer: "https://b.example" }]],
  jwt: ['{"types":["jwt",""],"forbidden":["nonce"]}', { types: ["jwt", ""], forbidden: ["nonce"] }],
  audience: ["aud client_id", ["aud", "client_id"]],
  audienceUnsaid: ["true", true],
  client: ["azp,client_id", ["azp", "client_id"]],
  clientUnsaid: ["true", true],
  scopes: ['["scp", "roles"]', ["scp", "roles"]],
  machine: ['[{"name":"sub","ends":"@clients"}]', [{ name: "sub", ends: "@clients" }]],
  subjects: ["users", "users"],
  audienceParameter: ['{"scope":"{audience}/.default"}', { scope: "{audience}/.default" }],
  offline: ['{"scope":"offline"}', { scope: "offline" }],
  origins: ["https://a.example, https://b.example", ["https://a.example", "https://b.example"]],
  revokes: ["refresh_token", "refresh_token"],
  errors: ['[{"status":404,"reason":"InvalidGrant"}]', [{ status: 404, reason: "InvalidGrant" }]],
}

const rows = Object.entries(members).map(([name, [text, value]]) => [variableOf(`token_${name}`), name, text, value])

describe("the variables of `token`", () => {
  test("are one for each member", () => {
    expect(Object.keys(members).sort()).toEqual(
      Object.keys(membersOf(oidc.members.token ?? expect.unreachable())).sort(),
    )
  })

  test("make the same token profile as JSON in LATCHKEY_TOKEN", async () => {
    const one = await open({
      LATCHKEY_TOKEN: JSON.stringify(Object.fromEntries(rows.map(([, name, , value]) => [name, value]))),
    })
    const each = await open(Object.fromEntries(rows.map(([variable, , text]) => [variable, text])))
    expect(each.jwt).toEqual(one.jwt)
    expect(each.jwt).toMatchObject({
      ...{
        answers: "introspection_or_signature",
        issuers: ["https://id.example", "https://b.example"],
        types: ["jwt", ""],
      },
      ...{ audienceClaims: ["aud", "client_id"], client: ["azp", "client_id"], clientUnsaid: true, subjects: "users" },
      ...{ scopes: ["scp", "roles"], machine: [{ name: "sub", ends: "@clients" }], forbidden: ["nonce"] },
    })
  })

  test("reach the requests", async () => {
    const env = {
      ...standard,
      LATCHKEY_TOKEN_AUDIENCE_PARAMETER: '{"scope":"{audience}/.default"}',
      LATCHKEY_TOKEN_OFFLINE: '{"scope":"offline","parameters":{"access_type":"offline"}}',
      LATCHKEY_ENDPOINTS_AUTHORIZATION_ENDPOINT: "https://id.example/authorize",
      LATCHKEY_REDIRECT_URI: "https://app.example/cb",
    }
    await using auth = createAuth(fromEnv(env))
    const { url } = await auth.authorize({ scopes: ["openid"], audience: ["api"], offline: true })
    expect(new URL(url).searchParams.get("scope")?.split(" ").sort()).toEqual(["api/.default", "offline", "openid"])
    expect(new URL(url).searchParams.get("access_type")).toBe("offline")
  })

  test.each([
    ["a word that is none of the list", { LATCHKEY_TOKEN_ANSWERS: "signatures" }, "LATCHKEY_TOKEN_ANSWERS"],
    ["a word in place of rules", { LATCHKEY_TOKEN_KIND: "hnt" }, "LATCHKEY_TOKEN_KIND"],
    ["half a list of rules", { LATCHKEY_TOKEN_KIND: '[{"name":"jti"' }, "LATCHKEY_TOKEN_KIND"],
    ["a rule without a kind", { LATCHKEY_TOKEN_KIND: '[{"name":"jti"}]' }, "LATCHKEY_TOKEN_KIND.0.use"],
    [
      "a template without its place",
      { LATCHKEY_TOKEN_AUDIENCE_PARAMETER: '{"scope":"x"}' },
      "LATCHKEY_TOKEN_AUDIENCE_PARAMETER.scope",
    ],
    ["another parameter", { LATCHKEY_TOKEN_AUDIENCE_PARAMETER: "aud" }, "LATCHKEY_TOKEN_AUDIENCE_PARAMETER"],
    ["a URL that is no origin", { LATCHKEY_TOKEN_ORIGINS: "https://a.example/x" }, "LATCHKEY_TOKEN_ORIGINS.0"],
    ["yes in place of true", { LATCHKEY_TOKEN_CLIENT_UNSAID: "yes" }, "LATCHKEY_TOKEN_CLIENT_UNSAID"],
    [
      "an algorithm with which whoever verifies can sign",
      { LATCHKEY_TOKEN_JWT: '{"algorithms":["RS256","HS256"]}' },
      "LATCHKEY_TOKEN_JWT.algorithms.1",
    ],
    ["an unknown member", { LATCHKEY_TOKEN_MARK: "token_use" }, "LATCHKEY_TOKEN_MARK"],
    [
      "the name of the member that there was before",
      { LATCHKEY_ACCESS_TOKEN_MARK: "nothing" },
      "LATCHKEY_ACCESS_TOKEN_MARK",
    ],
    [
      "a member beside the whole",
      { LATCHKEY_TOKEN: '{"kind":"hint"}', LATCHKEY_TOKEN_REVOKES: "any" },
      "LATCHKEY_TOKEN_REVOKES",
    ],
  ] as ReadonlyArray<readonly [string, Env, string]>)(
    "reject %s, by the name of the variable",
    async (_, env, path) => {
      expect((await issuesOf(env)).map((issue) => issue.path)).toEqual([path])
    },
  )

  test('require LATCHKEY_AUDIENCE with LATCHKEY_TOKEN_ANSWERS="signature"', async () => {
    expect(await issuesOf({ LATCHKEY_AUDIENCE: "", LATCHKEY_TOKEN_ANSWERS: "signature" })).toEqual([
      { path: "LATCHKEY_AUDIENCE", message: expect.stringContaining("audiences of your API") },
    ])
  })
})

test("no two members of a configuration have one variable", () => {
  for (const { members: all } of [kinde, oidc, ory, polar]) {
    const variables = Object.entries(all).flatMap(([name, schema]) => [
      variableOf(name),
      ...Object.keys(membersOf(schema)).map((inner) => variableOf(`${name}_${inner}`)),
    ])
    expect(variables.filter((each, at) => variables.indexOf(each) !== at)).toEqual([])
  }
})
