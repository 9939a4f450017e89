/** The claims of a JWT that openid-client rejected: which one differs, and from what. */
import type { Engine } from "../engine/engine.ts"
import { isIssuer, issuersOf } from "../server.ts"
import { comparison } from "./compared-values.ts"
import type { Json } from "./json-response.ts"

/**
 * Returns the first difference of issuer, audience and authorized party; `undefined` if there is none. Other claims, such
 * as the nonce, are secrets or no names.
 */
export const claimDifference = (
  claims: Json | undefined,
  { server, settings: { clientId } }: Pick<Engine, "server" | "settings">,
  secrets: ReadonlyArray<string>,
): string | undefined => {
  if (claims === undefined) return undefined
  const { iss, aud, azp } = claims
  if (!isIssuer(server, iss)) return comparison("issuer", iss, issuersOf(server), secrets)
  if (![aud].flat().includes(clientId)) return comparison("audience", aud, [clientId], secrets)
  return azp === undefined || azp === null || azp === "" || azp === clientId
    ? undefined
    : comparison("azp", azp, [clientId], secrets)
}
