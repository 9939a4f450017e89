/** A vendor on loopback with JWTs, opaque tokens, introspection and keys, that can be down. */
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose"
import { type FailingServer, startFailingServer } from "./failing-server.ts"

export interface Vendor extends FailingServer {
  /** Makes a JWT of this vendor. `claims` are added to the usual ones, or replace them. */
  readonly jwt: (claims?: Readonly<Record<string, unknown>>) => Promise<string>
  /** From now on introspection says that this token is inactive. */
  readonly revoke: (token: string) => void
}

/** The audience of every token. */
export const audience = "https://orders.example"

const keys = generateKeyPair("RS256")

/** Starts a vendor. An opaque token that begins with `good` is active. */
export const startVendor = async (): Promise<Vendor> => {
  const { privateKey, publicKey } = await keys
  const jwk = { ...(await exportJWK(publicKey)), kid: "1", alg: "RS256", use: "sig" }
  const revoked = new Set<string>()
  const server = await startFailingServer(async ({ url: { origin, pathname }, form }) => {
    const token = form.get("token")
    if (token !== null) return { json: revoked.has(token) ? { active: false } : await introspection(token, origin) }
    return {
      json: pathname.endsWith("keys")
        ? { keys: [jwk] }
        : { issuer: origin, jwks_uri: `${origin}/keys`, introspection_endpoint: `${origin}/introspect` },
    }
  })
  return {
    ...server,
    jwt: (claims = {}) => {
      const now = Math.floor(Date.now() / 1000)
      const usual = { iss: server.url, aud: audience, sub: "user", client_id: "app", iat: now, exp: now + 3600 }
      return new SignJWT({ ...usual, jti: crypto.randomUUID(), ...claims })
        .setProtectedHeader({ alg: "RS256", kid: "1", typ: "at+jwt" })
        .sign(privateKey)
    },
    revoke: (token) => void revoked.add(token),
  }
}

const introspection = async (token: string, iss: string): Promise<object> => {
  const members = { active: true, token_use: "access_token" }
  if (token.startsWith("good"))
    return { ...members, iss, sub: "user", client_id: "app", aud: audience, exp: 4_000_000_000, scope: "orders:read" }
  const { publicKey } = await keys
  return jwtVerify(token, publicKey).then(
    ({ payload }) => ({ ...members, ...payload }),
    () => ({ active: false }),
  )
}
