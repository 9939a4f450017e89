/** The presets on tokens of the shapes that their vendors document. No hosted vendor was called. */
import * as Effect from "effect/Effect"
import { make, type TokenState } from "latchkey/effect"
import { define, type Server } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import * as auth0 from "../../src/adapters/auth0/index.ts"
import * as cognito from "../../src/adapters/cognito/index.ts"
import * as entra from "../../src/adapters/entra/index.ts"
import * as keycloak from "../../src/adapters/keycloak/index.ts"
import * as logto from "../../src/adapters/logto/index.ts"
import * as okta from "../../src/adapters/okta/index.ts"
import * as zitadel from "../../src/adapters/zitadel/index.ts"
import { signed, signingKey } from "../jwt/signing-keys.ts"
import { policiesOff } from "../policies-off.ts"
import type { DocumentedToken } from "./documented-token.ts"
import { documented } from "./documented-tokens.ts"
import { playingServer } from "./playing-server.ts"
import { dataOf, without } from "./without-datum.ts"

const presets = { auth0, cognito, entra, keycloak, logto, okta, zitadel } as const
type Name = keyof typeof presets
const names = Object.keys(presets) as ReadonlyArray<Name>

const keys = ["RS256", "PS256", "ES256", "ES384"].map((algorithm) => signingKey(algorithm))

const signedToken = ({ algorithm = "RS256", header = {}, claims }: DocumentedToken): string => {
  const key = keys.find((each) => each.algorithm === algorithm)
  if (key === undefined) throw new Error(`there is no key for ${algorithm}`)
  return signed(key, { typ: undefined, ...header }, claims)
}

/** A server that publishes the keys under every issuer, and gives one introspection response. */
const playing = ({ issuer }: Server, answer: object = { active: false }) =>
  playingServer({ issuer, keys: () => keys, answer: () => answer })

interface Definition {
  readonly config: typeof auth0.definition.config
  readonly server: (config: never) => Server
}

const definitionOf = (name: Name): Definition => {
  const preset: object = presets[name]
  return ("definition" in preset ? preset.definition : preset) as Definition
}

const judge = async (
  name: Name,
  documentedToken: DocumentedToken,
  change: (server: Server) => Server = (server) => server,
): Promise<{ readonly state: TokenState | { readonly error: string }; readonly asked: ReadonlyArray<string> }> => {
  const { opaque, answer, expect: kind } = documentedToken
  const { config, server } = definitionOf(name)
  const input = { ...policiesOff, clientId: "service", clientSecret: "a secret of ours", ...documented[name].config }
  const changed = (parsed: never) => change(server(parsed))
  const { transport, asked } = playing(changed(config.parse(input) as never), answer)
  const adapter = define({ id: "preset", config, can: ["introspect", "metadata.keys"], server: changed as never })
  const auth = Effect.runSync(Effect.scoped(make(adapter(input as never, { transport }))))
  const token = opaque ?? signedToken(documentedToken)
  const state = await Effect.runPromise(
    Effect.match(auth.introspect(token, ...(kind === undefined ? [] : [{ expect: kind }])), {
      onFailure: ({ reason }): { readonly error: string } => ({ error: JSON.stringify(reason) }),
      onSuccess: (result): TokenState => result,
    }),
  )
  return { state, asked }
}

const rows = names.flatMap((name) => documented[name].tokens.map((token) => [name, token.name, token] as const))

const isAsExpected = async (name: Name, token: DocumentedToken, change?: (server: Server) => Server) => {
  const { state } = await judge(name, token, change)
  try {
    expect(state).toMatchObject(token.expected === "inactive" ? { active: false } : { active: true, ...token.expected })
    return true
  } catch {
    return false
  }
}

describe("a preset judges", () => {
  test.each(rows)("%s: %s", async (name, _, token) => {
    const { state } = await judge(name, token)
    expect(state).toMatchObject(token.expected === "inactive" ? { active: false } : { active: true, ...token.expected })
  })

  test.each(rows.filter(([, , { opaque }]) => opaque === undefined))(
    "%s: %s is inactive, and the vendor is not asked, when its signature is forged",
    async (name, _, token) => {
      const { config, server } = definitionOf(name)
      const input = {
        ...policiesOff,
        clientId: "service",
        clientSecret: "a secret of ours",
        ...documented[name].config,
      }
      const { transport, asked } = playing(server(config.parse(input) as never), { active: true })
      const adapter = define({ id: "preset", config, can: ["introspect", "metadata.keys"], server: server as never })
      const auth = Effect.runSync(Effect.scoped(make(adapter(input as never, { transport }))))
      const real = signedToken(token)
      const forged = `${real.slice(0, real.lastIndexOf("."))}.${Buffer.alloc(256, 1).toString("base64url")}`
      expect(await Effect.runPromise(auth.introspect(forged))).toEqual({ active: false })
      expect(asked).toEqual([])
    },
  )
})

describe("a preset without", () => {
  const data = names.flatMap((name) => {
    const { config, server } = definitionOf(name)
    const input = { clientId: "service", clientSecret: "a secret of ours", ...documented[name].config }
    const { token = {} } = server(config.parse(input) as never)
    return dataOf(token).map((path) => [name, path.join("."), path] as const)
  })

  test("its data is taken out one datum at a time", () => {
    expect(data.length).toBeGreaterThan(50)
  })

  test.each(data)("%s: token.%s judges a documented token otherwise", async (name, _, path) => {
    const change = (server: Server): Server => ({
      ...server,
      token: without(server.token, path) as Server["token"] & object,
    })
    const results = await Promise.all(documented[name].tokens.map((token) => isAsExpected(name, token, change)))
    expect(results.every(Boolean)).toBe(false)
  })
})
