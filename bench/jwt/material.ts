import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose"
import type { Trust } from "./peer.ts"

export type Algorithm = "RS256" | "ES256" | "EdDSA"

/** Tokens, with the input for their validation. */
export interface Material {
  readonly trust: Trust
  /** An extra token, for peers that fetch the keys at the first token. */
  readonly first: string
  /** The extra token with an invalid signature. */
  readonly forged: string
  readonly tokens: ReadonlyArray<string>
}

const issuer = "https://id.example"
const audience = "https://orders.example"

/** Typical claims of a vendor; with an RS256 signature the token has 1 kB. */
const claims = {
  azp: "4d4c1b3f2b404f579d0c3f3b3f2f3f10",
  client_id: "4d4c1b3f2b404f579d0c3f3b3f2f3f10",
  sub: "kp_0a6ef4c26f0e44c59f6e7f2f5f0d1c55",
  org_code: "org_9f6e7f2f5f0d",
  permissions: ["orders:read", "orders:write", "invoices:read"],
  scp: ["openid", "profile", "email", "offline"],
  v: "2",
}

const forge = (token: string): string => {
  const cut = token.lastIndexOf(".") + 10
  return token.slice(0, cut) + (token[cut] === "A" ? "B" : "A") + token.slice(cut + 1)
}

/** Makes a key pair and `count` different tokens that are valid for a day. */
export const makeMaterial = async (algorithm: Algorithm, count: number): Promise<Material> => {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true })
  const kid = "7a:f3:01:5c:22:9e:d4:8b"
  const { kty = "", ...members } = await exportJWK(publicKey)
  const jwk = { ...members, kty, kid, alg: algorithm, use: "sig" }
  const token = (): Promise<string> =>
    new SignJWT({ ...claims, jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: algorithm, kid, typ: "JWT" })
      .setIssuer(issuer)
      .setAudience([audience])
      .setIssuedAt()
      .setExpirationTime("1 day")
      .sign(privateKey)
  const [tokens, first] = await Promise.all([Promise.all(Array.from({ length: count }, token)), token()])
  return { trust: { jwk, pem: await exportSPKI(publicKey), issuer, audience }, tokens, first, forged: forge(first) }
}
