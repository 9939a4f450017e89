import { type ClientRecord, listOf, textOf } from "./client-record.ts"
import { oauthError } from "./errors.ts"

/** Returns the words of a space-separated parameter, without duplicates. */
export const words = (text: string | null | undefined): ReadonlyArray<string> => [
  ...new Set((text ?? "").split(" ").filter((word) => word !== "")),
]

const matchesWildcard = (pattern: string, scope: string): boolean => {
  const patternParts = pattern.split(".")
  const scopeParts = scope.split(".")
  if (patternParts.length > scopeParts.length) return false
  return (
    patternParts.every((part, index) => (part === "*" ? scopeParts[index] !== "" : part === scopeParts[index])) &&
    (patternParts.length === scopeParts.length || patternParts.at(-1) === "*")
  )
}

/**
 * Returns whether a scope is allowed.
 *
 * The server's default strategy has wildcards: `orders.*` allows `orders.read` and `orders.read.all`.
 */
export const allowsScope = (allowed: ReadonlyArray<string>, scope: string): boolean =>
  allowed.some((pattern) => pattern === scope || matchesWildcard(pattern, scope))

/** Rejects a scope that is not registered for the client. */
export const checkScopes = (client: ClientRecord, scopes: ReadonlyArray<string>): void => {
  const allowed = words(textOf(client, "scope"))
  for (const scope of scopes) {
    if (allowsScope(allowed, scope)) continue
    throw oauthError("invalid_scope", `The OAuth 2.0 Client is not allowed to request scope '${scope}'.`)
  }
}

/** Splits a URL like Go, without normalizing it. A URN has only a scheme. */
const partsOf = (text: string) => {
  const match = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)/.exec(text)
  const [, scheme = "", host = "", rest = ""] = match ?? []
  const opaque = scheme !== "" && host === "" && !rest.startsWith("/")
  return { scheme: scheme.toLowerCase(), host, path: opaque ? "" : rest }
}

const isWithin = (allowed: string, requested: string): boolean => {
  const [outer, inner] = [partsOf(allowed), partsOf(requested)]
  if (outer.scheme !== inner.scheme || outer.host !== inner.host) return false
  const base = outer.path.replace(/\/+$/, "")
  return inner.path === outer.path || inner.path === base || inner.path.startsWith(`${base}/`)
}

/** Returns the requested audiences. The parameter can be repeated or contain several values. */
export const requestedAudience = (form: URLSearchParams): ReadonlyArray<string> => {
  const values = form.getAll("audience")
  return values.length > 1 ? [...new Set(values.filter((value) => value !== ""))] : words(values[0])
}

/** Rejects an audience that is not registered for the client. */
export const checkAudience = (client: ClientRecord, audience: ReadonlyArray<string>): void => {
  const allowed = listOf(client, "audience")
  for (const requested of audience) {
    if (allowed.some((entry) => isWithin(entry, requested))) continue
    throw oauthError(
      "invalid_request",
      `Requested audience '${requested}' has not been whitelisted by the OAuth 2.0 Client.`,
    )
  }
}
