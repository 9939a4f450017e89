/** Introspects a documented token with a definition, whose server may have been changed. */
import * as Effect from "effect/Effect"
import { make, type TokenState, type Transport } from "latchkey/effect"
import { define, type Server } from "latchkey/oidc"
import { expect } from "vitest"
import { signed, signingKey } from "../jwt/signing-keys.ts"
import { json } from "../unit/scripted-transport.ts"
import { type Name, opened } from "./definitions.ts"
import type { DocumentedToken } from "./documented-token.ts"
import { documented } from "./documented-tokens.ts"

const algorithms = ["RS256", "PS256", "ES256", "ES384", "ES512", "EdDSA", "PS384"]
const keys = algorithms.map((algorithm) => signingKey(algorithm))

const signedToken = ({ algorithm = "RS256", header = {}, claims }: DocumentedToken): string => {
  const key = keys.find((each) => each.algorithm === algorithm)
  if (key === undefined) throw new Error(`there is no key for ${algorithm}`)
  return signed(key, { typ: undefined, ...header }, claims)
}

/** A token of the same text with another signature. */
export const forgedToken = (token: DocumentedToken): string => {
  const real = signedToken(token)
  return `${real.slice(0, real.lastIndexOf("."))}.${Buffer.alloc(256, 1).toString("base64url")}`
}

/** A server that publishes the keys under every issuer, and gives one introspection response. */
const playing = (name: Name, server: Server, answer: object = { active: false }) => {
  const vendor = documented[name]
  const keyIssuer = "keyIssuer" in vendor ? vendor.keyIssuer : undefined
  const asked: Array<string> = []
  const keySets: Array<string> = []
  const transport: Transport = {
    send: ({ url }) =>
      Effect.sync(() => {
        if (url === server.metadataUrl) {
          const at = server.issuer.replace(/\/$/, "")
          return json({ issuer: server.issuer, jwks_uri: `${at}/keys`, introspection_endpoint: `${at}/introspect` })
        }
        if (!/(keys|jwks\.json|certs)$/.test(url)) {
          asked.push(url)
          return json(answer)
        }
        keySets.push(url)
        return json({ keys: keys.map(({ jwk }) => ({ ...jwk, ...(keyIssuer && { issuer: keyIssuer(url) }) })) })
      }),
  }
  return { transport, asked, keySets }
}

interface Judged {
  readonly state: TokenState | { readonly error: string }
  /** The URLs at which the server was asked, and those of the key sets. */
  readonly asked: ReadonlyArray<string>
  readonly keySets: ReadonlyArray<string>
}

export const judge = async (
  name: Name,
  documentedToken: DocumentedToken,
  { token, server }: { readonly token?: string; readonly server?: Server } = {},
): Promise<Judged> => {
  const { opaque, answer, expect: kind } = documentedToken
  const { config, input, server: usual } = opened(name)
  const used = server ?? usual
  const { transport, asked, keySets } = playing(name, used, answer)
  const adapter = define({ id: "preset", config, can: ["introspect", "metadata.keys"], server: () => used })
  const auth = Effect.runSync(Effect.scoped(make(adapter(input as never, { transport }))))
  const presented = token ?? opaque ?? signedToken(documentedToken)
  const state = await Effect.runPromise(
    Effect.match(auth.introspect(presented, ...(kind === undefined ? [] : [{ expect: kind }])), {
      onFailure: ({ reason }): { readonly error: string } => ({ error: JSON.stringify(reason) }),
      onSuccess: (result): TokenState => result,
    }),
  )
  return { state, asked, keySets }
}

/** Fails unless a token was judged as documented. */
export const expectDocumented = (
  { expected, keySet, unsaid = [] }: DocumentedToken,
  { state, keySets }: Judged,
): void => {
  expect(state).toMatchObject(expected === "inactive" ? { active: false } : { active: true, ...expected })
  for (const member of unsaid) expect(state).not.toHaveProperty(member)
  if (keySet !== undefined) expect(keySets).toEqual([keySet])
}
