/** The issuer whose tokens a key may verify, if a key set names the issuer of each key. */
import type { JsonWebKey } from "../ports/metadata.ts"
import { isAbsent } from "./absent.ts"

/** A part of an issuer that differs between tenants, such as `{tenantid}`. */
const placeholder = /\{[^{}/]+\}/

/**
 * Whether a key may verify tokens of an issuer. A server with several tenants may publish their keys in one set, and
 * name the issuer of each key in the key's member `issuer`: one issuer exactly, or with a placeholder for one part of a
 * path. A key without this member belongs to the server. `issuer` comes from the configuration, and never from a token.
 */
export const isKeyOf = ({ issuer: named }: JsonWebKey, issuer: string): boolean => {
  if (isAbsent(named) || named === issuer) return true
  if (typeof named !== "string") return false
  const [before = "", after, ...more] = named.split(placeholder)
  if (after === undefined || more.length > 0) return false
  const part = issuer.slice(before.length, issuer.length - after.length)
  return part !== "" && !part.includes("/") && issuer === `${before}${part}${after}`
}
