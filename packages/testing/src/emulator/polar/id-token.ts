import { createHash } from "node:crypto"
import { claimsOf } from "./claims.ts"
import type { CodeRecord, Polar, TokenPair } from "./state.ts"

const leftHalf = (text: string) => createHash("sha256").update(text).digest().subarray(0, 16).toString("base64url")

/** The ID token of a code; it lives an hour, whatever the access token does. */
export const idTokenOf = (polar: Polar, pair: TokenPair, code: CodeRecord): string =>
  polar.keys.sign({
    iss: polar.tokenIssuer,
    aud: [pair.clientId],
    iat: pair.issuedAt,
    exp: pair.issuedAt + polar.lifespans.idToken,
    auth_time: Math.floor(code.createdAt / 1000),
    ...(code.nonce === undefined && polar.readings.absentNonce === "omitted" ? {} : { nonce: code.nonce ?? null }),
    at_hash: leftHalf(pair.accessToken),
    ...claimsOf(polar, pair),
  })
