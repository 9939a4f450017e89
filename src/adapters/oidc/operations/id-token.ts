/** The ID token of a token response: the checks that openid-client lacks, and the reasons of a rejected one. */
import type * as client from "openid-client"
import type { Reason } from "../../../ports/errors.ts"
import type { TransportResponse } from "../../../ports/transport.ts"
import type { Engine } from "../engine/engine.ts"
import { claimsIn } from "../http/absent-members.ts"
import { claimDifference } from "../http/claim-difference.ts"
import { type Json, jsonObject } from "../http/json-response.ts"

/** Makes the reason of a rejected ID token. */
export const wrongIdToken = (claims: Json | undefined, engine: Engine, secrets: ReadonlyArray<string>): Reason => ({
  _tag: "UnexpectedResponse",
  path: "id_token",
  detail: claimDifference(claims, engine, secrets) ?? "a claim is missing or differs from the expected value",
})

/** Maps a failed check of the ID token in openid-client. */
export const idTokenMismatch = (
  code: string | undefined,
  response: TransportResponse,
  engine: Engine,
  secrets: ReadonlyArray<string>,
): Reason | undefined => {
  if (!code?.startsWith("OAUTH_JWT")) return undefined
  const body = jsonObject(response)
  return wrongIdToken(claimsIn(String(body?.id_token)), engine, [...secrets, ...textsOf(body)])
}

/** The values of a token response that no error may contain. */
export const textsOf = (body: Readonly<Record<string, unknown>> = {}): ReadonlyArray<string> =>
  ["access_token", "refresh_token", "id_token"].flatMap((name) => {
    const value = body[name]
    return typeof value === "string" ? [value] : []
  })

/** The checks of OpenID Connect Core section 3.1.3.7 that openid-client lacks: `azp`, `iat` and `sub`. */
export const isForClient = (
  claims: client.IDToken | undefined,
  { settings: { clientId, clockSkew } }: Engine,
): boolean =>
  claims !== undefined &&
  (claims.azp === undefined || claims.azp === clientId) &&
  claims.iat * 1000 <= Date.now() + clockSkew &&
  claims.sub !== ""
