import { createHash, randomUUID } from "node:crypto"
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose"
import { type Trust, url } from "./peer.ts"

const issuer = "https://id.example"
const audience = "https://orders.example"
const clientCount = 10

const keyPair = async () => {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true })
  const { kty = "", ...members } = await exportJWK(publicKey)
  return { privateKey, jwk: { kty, ...members } }
}

type Client = Awaited<ReturnType<typeof keyPair>>

/** Requests of several clients: each an access token and its proof. */
export interface Material {
  readonly trust: Trust
  /** One request of each client, which teaches a peer the keys. */
  readonly first: ReadonlyArray<string>
  /** A request whose proof has another signature. */
  readonly forged: string
  readonly requests: ReadonlyArray<string>
}

/** Makes `count` requests with tokens and proofs that are new each time. */
export const makeMaterial = async (count: number): Promise<Material> => {
  const vendor = await keyPair()
  const jwk = { ...vendor.jwk, kid: "key-1", alg: "ES256", use: "sig" }
  const clients = await Promise.all(Array.from({ length: clientCount }, keyPair))
  const request = async (client: Client): Promise<string> => {
    const token = await new SignJWT({
      client_id: "4d4c1b3f2b404f579d0c3f3b3f2f3f10",
      sub: "kp_0a6ef4c26f0e44c59f6e7f2f5f0d1c55",
      scp: ["openid", "orders:read"],
      jti: randomUUID(),
      cnf: { jkt: await calculateJwkThumbprint(client.jwk) },
    })
      .setProtectedHeader({ alg: "ES256", kid: jwk.kid, typ: "at+jwt" })
      .setIssuer(issuer)
      .setAudience([audience])
      .setIssuedAt()
      .setExpirationTime("1 day")
      .sign(vendor.privateKey)
    const ath = createHash("sha256").update(token).digest("base64url")
    const proof = await new SignJWT({ htm: "GET", htu: url, jti: randomUUID(), ath })
      .setProtectedHeader({ typ: "dpop+jwt", alg: "ES256", jwk: client.jwk })
      .setIssuedAt()
      .sign(client.privateKey)
    return `${token} ${proof}`
  }
  const first = await Promise.all(clients.map(request))
  const requests = await Promise.all(
    Array.from({ length: count }, (_, index) => request(clients[index % clientCount] as Client)),
  )
  const [one = "", two = ""] = first
  return {
    trust: { jwk, issuer, audience, clients: clients.map((client) => client.jwk) },
    first,
    forged: one.slice(0, one.lastIndexOf(".")) + two.slice(two.lastIndexOf(".")),
    requests,
  }
}
