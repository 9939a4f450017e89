/** Removes absent members from responses before openid-client, which rejects them, checks the responses. */
import { signatures } from "#signature"
import { withoutAbsent } from "../../../internal/absent.ts"
import { parseJson } from "../../../internal/json.ts"
import type { TransportResponse } from "../../../ports/transport.ts"
import { type Json, jsonObject } from "./json-response.ts"

/**
 * Returns a successful response without the absent members of its object and of the claims of its ID token. A content type
 * that is JSON in another spelling becomes `application/json`, the only spelling that openid-client accepts.
 *
 * An ID token that is changed loses its signature. openid-client does not check the signature of an ID token that comes
 * directly from the token endpoint (OpenID Connect Core section 3.1.3.7).
 */
export const withoutAbsentMembers = (response: TransportResponse): TransportResponse => {
  const sent = response.status >= 200 && response.status < 300 ? jsonObject(response) : undefined
  if (sent === undefined) return response
  const present = withoutAbsent(sent)
  const sentToken = present.id_token
  const idToken = typeof sentToken === "string" ? presentJwt(sentToken) : sentToken
  const isSame = present === sent && idToken === sentToken
  return {
    ...response,
    headers: { ...response.headers, "content-type": "application/json" },
    body: isSame ? response.body : JSON.stringify({ ...present, id_token: idToken }),
  }
}

const presentJwt = (jwt: string): string => {
  const claims = claimsIn(jwt)
  if (claims === undefined) return jwt
  const present = withoutAbsent(claims)
  const [header, , signature] = jwt.split(".")
  return present === claims ? jwt : `${header}.${base64url(JSON.stringify(present))}.${signature}`
}

/** Returns the claims of a signed JWT as they were sent; `undefined` for any other text. */
export const claimsIn = (jwt: string): Json | undefined => {
  const [, payload = "", signature, ...rest] = jwt.split(".")
  const text = signature === undefined || rest.length > 0 ? undefined : signatures.text(payload)
  try {
    const claims = text === undefined ? undefined : parseJson(text)
    return typeof claims === "object" && claims !== null && !Array.isArray(claims) ? (claims as Json) : undefined
  } catch {
    return undefined
  }
}

const base64url = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "")
