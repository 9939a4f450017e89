/** The configurations of docs/vendors/oidc.md on tokens of the shapes that their vendors document. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { type AuthError, fromEnv, make, type TokenState, type Transport } from "latchkey/effect"
import { type OidcConfig, oidc } from "latchkey/oidc"
import { afterAll, describe, expect, test } from "vitest"
import { examplesOf, text } from "../docs/examples.ts"
import { signed, signingKey } from "../jwt/signing-keys.ts"
import { policiesOff } from "../policies-off.ts"
import { json } from "../unit/scripted-transport.ts"
import { configured } from "./documented-configurations.ts"
import type { DocumentedToken } from "./documented-token.ts"
import { isRemoved } from "./not-removed.ts"
import { playingServer } from "./playing-server.ts"
import { dataOf, without } from "./without-datum.ts"

const folder = mkdtempSync(join(import.meta.dirname, ".configurations-"))
afterAll(() => rmSync(folder, { recursive: true }))

/** The configurations in the examples of the page, by name. */
const configurations = new Map<string, OidcConfig>()
for (const { code } of examplesOf("docs/vendors/oidc.md")) {
  const name = /^export const (\w+): OidcConfig/m.exec(code)?.[1]
  if (name === undefined) continue
  const file = join(folder, `${name}.ts`)
  writeFileSync(file, code)
  const module = (await import(file)) as Readonly<Record<string, OidcConfig>>
  if (module[name] !== undefined) configurations.set(name, module[name])
}

const keys = ["RS256", "ES256"].map((algorithm) => signingKey(algorithm))

const tokenOf = ({ algorithm = "RS256", header = {}, claims, opaque }: DocumentedToken): string => {
  const key = keys.find((each) => each.algorithm === algorithm)
  return opaque ?? (key === undefined ? "no key" : signed(key, { typ: undefined, ...header }, claims))
}

const stateOf = async (
  config: OidcConfig,
  token: DocumentedToken,
): Promise<TokenState | { readonly error: string }> => {
  const { answer } = token
  const { transport } = playingServer({
    issuer: config.issuer,
    keys: () => keys,
    ...(answer !== undefined && { answer: () => answer }),
  })
  const { freshness, expect: kind } = token
  const options = { ...(freshness && { freshness }), ...(kind && { expect: kind }) }
  const call = Effect.flatMap(make(oidc({ ...config, ...policiesOff }, { transport })), (auth) =>
    auth.introspect(tokenOf(token), options),
  )
  return Effect.runPromise(
    Effect.match(Effect.scoped(call), {
      onFailure: ({ reason }): { readonly error: string } => ({ error: reason._tag }),
      onSuccess: (state): TokenState => state,
    }),
  )
}

/** What the calls of a configuration end in, and what they send. The metadata names endpoints on each of the origins. */
const shapesOf = async (config: OidcConfig, origins: ReadonlyArray<string> = []): Promise<ReadonlyArray<string>> => {
  const requests: Array<string> = []
  const at = config.issuer
  const [tokens = at, userinfo = at, keySet = at] = origins
  const document = {
    ...{ issuer: at, authorization_endpoint: `${at}/authorize`, token_endpoint: `${tokens}/token` },
    ...{
      revocation_endpoint: `${tokens}/revoke`,
      userinfo_endpoint: `${userinfo}/userinfo`,
      jwks_uri: `${keySet}/keys`,
    },
  }
  const transport: Transport = {
    send: ({ url, body = "" }) =>
      Effect.sync(() => {
        if (url.includes(".well-known")) return json(document)
        requests.push(`${url} ${body}`)
        return json({ sub: "u", access_token: "t", token_type: "Bearer", expires_in: 60, keys: [] })
      }),
  }
  const made = make(oidc({ ...config, ...policiesOff, redirectUri: "https://app.example/cb" }, { transport }))
  const calls: ReadonlyArray<(auth: Effect.Success<typeof made>) => Effect.Effect<unknown, AuthError>> = [
    (auth) =>
      Effect.map(auth.authorize({ offline: true, scopes: ["openid"] }), ({ url }) =>
        ["scope", "prompt", "access_type"].map((each) => new URL(url).searchParams.get(each)).join(" "),
      ),
    (auth) => auth.clientCredentials({ audience: ["api"] }),
    (auth) => auth.revoke("opaque"),
    (auth) => auth.userInfo("opaque"),
    (auth) => auth.metadata.keys(),
  ]
  const ends = await Effect.runPromise(
    Effect.forEach(calls, (call) =>
      Effect.match(Effect.scoped(Effect.flatMap(made, call)), {
        onFailure: ({ reason }) => reason._tag as string,
        onSuccess: String,
      }),
    ),
  )
  return [...ends, ...requests]
}

const wanted = ({ expected }: DocumentedToken): object =>
  expected === "inactive" ? { active: false } : "error" in expected ? expected : { active: true, ...expected }

const rows = Object.entries(configured).flatMap(([name, tokens]) =>
  tokens.map((token) => [name, token.name, token] as const),
)

const configOf = (name: string): OidcConfig =>
  configurations.get(name) ?? expect.fail(`docs/vendors/oidc.md has no configuration "${name}"`)

describe("a documented configuration", () => {
  test("has tokens, and each list of tokens has a configuration", () => {
    expect(Array.from(configurations.keys()).sort()).toEqual(Object.keys(configured).sort())
  })

  test.each(rows)("of %s judges %s", async (name, _, token) => {
    const state = await stateOf(configOf(name), token)
    expect(state).toMatchObject(wanted(token))
    for (const member of token.unsaid ?? []) expect(state).not.toHaveProperty(member)
  })

  /** What requests need, and what no documented token can show. */
  const ofRequests: ReadonlySet<string> = new Set(["audienceParameter", "offline", "origins", "revokes"])

  const data = Array.from(configurations, ([name, { token = {} }]) =>
    dataOf(token)
      .filter((path) => !ofRequests.has(path[0] ?? "") && isRemoved(name, path))
      .map((path) => [name, path.join("."), path] as const),
  ).flat()

  test.each(data)("of %s without token.%s judges a token otherwise", async (name, _, path) => {
    const config = configOf(name)
    const changed = { ...config, token: without(config.token, path) } as OidcConfig
    const judged = await Promise.all(
      (configured[name as keyof typeof configured] ?? []).map(async (token) => {
        const state = (await stateOf(changed, token)) as Readonly<Record<string, unknown>>
        return (
          Object.entries(wanted(token)).every(([member, value]) =>
            Object.is(JSON.stringify(state[member]), JSON.stringify(value)),
          ) && (token.unsaid ?? []).every((member) => !(member in state))
        )
      }),
    )
    expect(judged).toContain(false)
  })

  const requestData = Array.from(configurations, ([name, { token = {} }]) =>
    dataOf(token)
      .filter(([first = ""]) => ofRequests.has(first))
      .map((path) => [name, `token.${path.join(".")}`, path] as const),
  ).flat()

  test.each(requestData)("of %s without %s is noticed", async (name, _, path) => {
    const config = configOf(name)
    const changed = { ...config, token: without(config.token, path) } as OidcConfig
    const { origins } = config.token ?? {}
    expect(await shapesOf(changed, origins)).not.toEqual(await shapesOf(config, origins))
  })

  const variables = Array.from(
    text("docs/vendors/oidc.md").matchAll(/^```sh\n# (\w+)\n([\s\S]*?)^```$/gm),
    ([, name = "", lines = ""]) => [name, lines] as const,
  )

  test("of one's own server is also documented as variables", () => {
    expect(variables.map(([name]) => name)).toEqual(["ownSigning", "ownIntrospecting"])
  })

  test.each(variables)("of %s makes the same server of its variables", async (name, lines) => {
    const env = Object.fromEntries(
      lines
        .trim()
        .split("\n")
        .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    )
    const ofVariables = await Effect.runPromise(Effect.scoped(fromEnv(env)))
    const ofObject = await Effect.runPromise(Effect.scoped(oidc(configOf(name))))
    expect(ofVariables.jwt).toEqual(ofObject.jwt)
    // The hash of the whole configuration, by which cached answers are kept apart.
    expect({ ...ofVariables.backend, fingerprint: "" }).toEqual({ ...ofObject.backend, fingerprint: "" })
  })

  test("of google requests a refresh token with access_type", async () => {
    const endpoints = { authorizationEndpoint: "https://accounts.google.com/o/oauth2/v2/auth" }
    const provider = oidc({ ...configOf("google"), endpoints, redirectUri: "https://app.example/cb" })
    const { url } = await Effect.runPromise(
      Effect.scoped(Effect.flatMap(make(provider), (auth) => auth.authorize({ scopes: ["openid"], offline: true }))),
    )
    const { searchParams } = new URL(url)
    expect(searchParams.get("access_type")).toBe("offline")
    expect(searchParams.get("scope")).toBe("openid")
  })
})
