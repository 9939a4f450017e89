import { createHash } from "node:crypto"
import { claimsOf } from "./claims.ts"
import type { CodeRecord, Polar, TokenPair } from "./state.ts"

const halfHash = (text: string) => createHash("sha256").update(text).digest().subarray(0, 16).toString("base64url")

/** Signs the ID token of a code. Its lifespan (by default an hour) is independent of that of the access token. */
export const idTokenOf = (polar: Polar, pair: TokenPair, code: CodeRecord): string =>
  polar.keys.sign({
    iss: polar.tokenIssuer,
    aud: [pair.clientId],
    iat: pair.issuedAt,
    exp: pair.issuedAt + polar.lifespans.idToken,
    auth_time: Math.floor(code.createdAt / 1000),
    ...(code.nonce === undefined && polar.readings.absentNonce === "omitted" ? {} : { nonce: code.nonce ?? null }),
    at_hash: halfHash(pair.accessToken),
    ...claimsOf(polar, pair),
  })
