import { createPublicKey, verify } from "node:crypto"
import type { JsonWebKey } from "latchkey"
import type { MakeReceiver } from "../peer.ts"

const imported = (jwk: JsonWebKey) =>
  Object.assign(createPublicKey({ key: { ...jwk }, format: "jwk" }), { dsaEncoding: "ieee-p1363" as const })

/** Makes the reference, a lower bound: the two signatures alone, with keys that are known beforehand. */
export const make: MakeReceiver = async ({ jwk, clients }) => {
  const key = imported(jwk)
  const keys = new Map(
    clients.map((client) => [
      Buffer.from(JSON.stringify({ typ: "dpop+jwt", alg: "ES256", jwk: client })).toString("base64url"),
      imported(client),
    ]),
  )
  const isSigned = (text: string, by: typeof key) => {
    const cut = text.lastIndexOf(".")
    return verify("sha256", Buffer.from(text.slice(0, cut)), by, Buffer.from(text.slice(cut + 1), "base64url"))
  }
  return {
    check: (request) => {
      const [token = "", proof = ""] = request.split(" ")
      const client = keys.get(proof.slice(0, proof.indexOf(".")))
      return client !== undefined && isSigned(token, key) && isSigned(proof, client)
    },
    isGood: (answer) => answer === true,
  }
}
