import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose"
import type { Case } from "./cases.ts"
import type { Trust } from "./peer.ts"

/** All that a measured process works on. */
export interface Material {
  readonly trust: Trust
  readonly tokens: ReadonlyArray<string>
  readonly seen: boolean
}

const issuer = "https://id.example"
const audience = "https://orders.example"

/** Claims as a vendor writes them; with an RS256 signature the token is 1 kB long. */
const claims = {
  azp: "4d4c1b3f2b404f579d0c3f3b3f2f3f10",
  client_id: "4d4c1b3f2b404f579d0c3f3b3f2f3f10",
  sub: "kp_0a6ef4c26f0e44c59f6e7f2f5f0d1c55",
  org_code: "org_9f6e7f2f5f0d",
  permissions: ["orders:read", "orders:write", "invoices:read"],
  scp: ["openid", "profile", "email", "offline"],
  v: "2",
}

/** Makes a key pair and this many different tokens signed with it, good for a day. */
export const makeMaterial = async ({ algorithm, seen }: Case, count: number): Promise<Material> => {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true })
  const kid = "7a:f3:01:5c:22:9e:d4:8b"
  const jwk = {
    ...(await exportJWK(publicKey)),
    kty: (await exportJWK(publicKey)).kty ?? "",
    kid,
    alg: algorithm,
    use: "sig",
  }
  const token = (): Promise<string> =>
    new SignJWT({ ...claims, jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: algorithm, kid, typ: "JWT" })
      .setIssuer(issuer)
      .setAudience([audience])
      .setIssuedAt()
      .setExpirationTime("1 day")
      .sign(privateKey)
  const tokens = await Promise.all(Array.from({ length: count }, token))
  return { trust: { jwk, pem: await exportSPKI(publicKey), issuer, audience }, tokens, seen }
}
