/** The access tokens of one vendor: JWTs of its shape, for opaque tokens of the standard provider. */
import { createPrivateKey, type JsonWebKeyInput, sign } from "node:crypto"
import type { JWK, Provider } from "oidc-provider"
import { boundedMap } from "../bounded-map.ts"
import type { TokenFacts, VendorProfile } from "./profile.ts"

interface Issued {
  /** The token at the standard provider. */
  readonly opaque: string
  readonly facts: TokenFacts
}

export interface AccessTokens {
  /** Returns the vendor's token for a token of the standard provider. */
  readonly issue: (opaque: string, audience: string | undefined) => Promise<string>
  readonly find: (token: string) => Issued | undefined
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url")

const signed = (key: JWK, header: object, claims: object): string => {
  const input = `${encode(header)}.${encode(claims)}`
  const privateKey = createPrivateKey({ key: key as JsonWebKeyInput["key"], format: "jwk" })
  const digest = key.alg === "ES384" ? "sha384" : "sha256"
  return `${input}.${sign(digest, Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`
}

/** Makes the access tokens. `jwts`: whether access tokens are JWTs; `fallback`: the API of a request that names none. */
export const makeAccessTokens = (
  { provider, issuer, profile, key }: Issuing,
  { jwts, fallback }: { readonly jwts: boolean; readonly fallback: string | undefined },
): AccessTokens => {
  const issued = boundedMap<Issued>(10_000)
  return {
    find: (token) => issued.get(token),
    issue: async (opaque, named) => {
      const facts = await factsOf(
        provider,
        opaque,
        issuer,
        named ?? fallback ?? (profile.opaqueWithoutAudience ? "" : "https://api.example"),
      )
      const isOpaque = !jwts || (profile.opaqueWithoutAudience === true && facts.audience === "")
      const header = { alg: profile.algorithm, kid: key.kid, ...(profile.type !== undefined && { typ: profile.type }) }
      const token = isOpaque ? opaque : signed(key, header, profile.claims(facts))
      issued.set(token, { opaque, facts })
      return token
    },
  }
}

export interface Issuing {
  readonly provider: Provider
  readonly issuer: string
  readonly profile: VendorProfile
  /** The private key of access tokens. */
  readonly key: JWK
}

const words = (text = ""): ReadonlyArray<string> => text.split(" ").filter(Boolean)

const factsOf = async (provider: Provider, opaque: string, issuer: string, audience: string): Promise<TokenFacts> => {
  const ofUser = await provider.AccessToken.find(opaque)
  const token = ofUser ?? (await provider.ClientCredentials.find(opaque))
  if (token === undefined) throw new Error("expected an access token of the standard provider")
  const client = await provider.Client.find(token.clientId ?? "")
  const standard = ["openid", "offline_access", "profile", "email"]
  return {
    issuer,
    audience,
    clientId: token.clientId ?? "",
    user: ofUser?.accountId,
    scopes: words(token.scope),
    clientScopes: words(client?.scope).filter((scope) => !standard.includes(scope)),
    iat: token.iat,
    exp: token.exp ?? token.iat,
    id: opaque.slice(0, 12),
  }
}
