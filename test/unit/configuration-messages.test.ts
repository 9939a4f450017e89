/** What a newcomer reads after a usual mistake: the message names what to change, where the mistake is. */
import { AuthError, type Config, createAuth, fromEnv } from "latchkey"
import { nodeGuard } from "latchkey/guard"
import { describe, expect, test } from "vitest"

const env = { LATCHKEY_PROVIDER: "oidc", LATCHKEY_CLIENT_ID: "app", LATCHKEY_CLIENT_SECRET: "secret" }
const config = { provider: "oidc", clientId: "app", clientSecret: "secret", issuer: "https://id.example" }

const issuesOf = (make: () => unknown): Readonly<Record<string, string>> => {
  try {
    make()
  } catch (error) {
    if (error instanceof AuthError && error.reason._tag === "InvalidConfig")
      return Object.fromEntries(error.reason.issues.map(({ path, message }) => [path, message]))
    throw error
  }
  return expect.fail("the configuration is accepted")
}

const fromVariables = (more: Readonly<Record<string, string>>) => issuesOf(() => createAuth(fromEnv(more)))
const fromCode = (value: object) => issuesOf(() => createAuth(value as Config))

describe("a message about the vendor", () => {
  test("tells that none is configured", () => {
    expect(fromVariables({}).LATCHKEY_PROVIDER).toMatch(/^expected one of auth0, .*; found none$/)
    expect(fromCode({}).provider).toMatch(/^expected one of auth0, .*; found none$/)
  })

  test.each(["keycload", "Keycloak"])("names the vendor that %j probably means", (provider) => {
    const end = /; did you mean keycloak\?$/
    expect(fromVariables({ ...env, LATCHKEY_PROVIDER: provider }).LATCHKEY_PROVIDER).toMatch(end)
    expect(fromCode({ ...config, provider }).provider).toMatch(end)
  })

  test("does not repeat a secret that is in its place", () => {
    expect(JSON.stringify(fromVariables({ ...env, LATCHKEY_PROVIDER: "sentinel" }))).not.toContain("sentinel")
  })

  test("names fromEnv where variables are passed to createAuth", () => {
    expect(fromCode(env).provider).toMatch(
      /; to read environment variables, use createAuth\(fromEnv\(process\.env\)\)$/,
    )
    expect(fromCode({}).provider).not.toContain("fromEnv")
  })
})

describe("a message about a variable", () => {
  test("names the variables of other members", () => {
    const insecure = fromVariables({ ...env, LATCHKEY_ISSUER: "http://id.example" })
    expect(insecure).toEqual({
      LATCHKEY_ISSUER:
        "http://id.example is not https; to allow it, add this exact origin to LATCHKEY_INSECURE_ORIGINS",
    })
    const { LATCHKEY_CLIENT_SECRET: _, ...noSecret } = env
    expect(fromVariables({ ...noSecret, LATCHKEY_ISSUER: "https://id.example" })).toEqual({
      LATCHKEY_CLIENT_SECRET: 'required (or LATCHKEY_PRIVATE_KEY, or LATCHKEY_CLIENT_AUTH "none" for a public client)',
    })
    const off = { LATCHKEY_CACHE: "false", LATCHKEY_STALE_IF_ERROR: "5 minutes" }
    expect(fromVariables({ ...env, LATCHKEY_ISSUER: "https://id.example", ...off })).toEqual({
      LATCHKEY_STALE_IF_ERROR: "requires LATCHKEY_CACHE, which is off",
    })
  })

  test("has the prefix of the program", () => {
    const variables = { ID_PROVIDER: "oidc", ID_CLIENT_ID: "a", ID_CLIENT_SECRET: "b", ID_ISSUER: "http://id.example" }
    const { ID_ISSUER } = issuesOf(() => createAuth(fromEnv(variables, { prefix: "ID_" })))
    expect(ID_ISSUER).toContain("exact origin to ID_INSECURE_ORIGINS")
  })

  test("names the variable that an unknown one probably means", () => {
    const issues = fromVariables({ ...env, LATCHKEY_ISSUER: "https://id.example", LATCHKEY_AUDIENSE: "a" })
    expect(issues).toEqual({ LATCHKEY_AUDIENSE: "unknown variable; did you mean LATCHKEY_AUDIENCE?" })
    expect(fromVariables({ ...env, LATCHKEY_NONSENSE: "a" }).LATCHKEY_NONSENSE).toBe("unknown variable")
  })
})

describe("a message about a member", () => {
  test("tells how a URL begins", () => {
    const expected = 'expected a URL with its scheme, such as "https://id.example"'
    expect(fromCode({ ...config, issuer: "id.example/realms/shop" })).toEqual({ issuer: expected })
    expect(fromVariables({ ...env, LATCHKEY_ISSUER: "id.example" })).toEqual({ LATCHKEY_ISSUER: expected })
  })

  test("names the member that an unknown one probably means", () => {
    const { clientId: _, ...others } = config
    expect(fromCode({ ...others, clientID: "app" })).toMatchObject({
      clientID: "unknown member; did you mean clientId?",
    })
    // A member of a member is not compared with the members of the configuration.
    expect(fromCode({ ...config, tls: { ky: "a" } })["tls.ky"]).toBe("unknown member")
  })
})

test("a guard without a client fails with InvalidConfig", () => {
  const missing: unknown = undefined
  expect(issuesOf(() => nodeGuard(missing as Parameters<typeof nodeGuard>[0]))).toEqual({
    auth: "expected a client of createAuth, or the Auth service",
  })
})
