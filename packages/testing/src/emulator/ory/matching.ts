import { type ClientRecord, listOf, textOf } from "./client-record.ts"
import { refuse } from "./errors.ts"

/** The words of a space-separated parameter, each once. */
export const words = (text: string | null | undefined): ReadonlyArray<string> => [
  ...new Set((text ?? "").split(" ").filter((word) => word !== "")),
]

const matchesWildcard = (pattern: string, scope: string): boolean => {
  const wanted = pattern.split(".")
  const parts = scope.split(".")
  if (wanted.length > parts.length) return false
  return (
    wanted.every((part, index) => (part === "*" ? parts[index] !== "" : part === parts[index])) &&
    (wanted.length === parts.length || wanted.at(-1) === "*")
  )
}

/** The server's default scope strategy: `orders.*` allows `orders.read` and `orders.read.all`. */
export const allowsScope = (allowed: ReadonlyArray<string>, scope: string): boolean =>
  allowed.some((pattern) => pattern === scope || matchesWildcard(pattern, scope))

/** Refuses a scope that the client may not ask for. */
export const checkScopes = (client: ClientRecord, scopes: ReadonlyArray<string>): void => {
  const allowed = words(textOf(client, "scope"))
  for (const scope of scopes) {
    if (allowsScope(allowed, scope)) continue
    throw refuse("invalid_scope", `The OAuth 2.0 Client is not allowed to request scope '${scope}'.`)
  }
}

/** A URL in Go's parts, nothing normalised; of a URN only the scheme is left. */
const partsOf = (text: string) => {
  const match = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)/.exec(text)
  const [, scheme = "", host = "", rest = ""] = match ?? []
  const opaque = scheme !== "" && host === "" && !rest.startsWith("/")
  return { scheme: scheme.toLowerCase(), host, path: opaque ? "" : rest }
}

const within = (allowed: string, asked: string): boolean => {
  const [outer, inner] = [partsOf(allowed), partsOf(asked)]
  if (outer.scheme !== inner.scheme || outer.host !== inner.host) return false
  const base = outer.path.replace(/\/+$/, "")
  return inner.path === outer.path || inner.path === base || inner.path.startsWith(`${base}/`)
}

/** The audiences asked for: the parameter may be repeated or hold several. */
export const askedAudience = (form: URLSearchParams): ReadonlyArray<string> => {
  const values = form.getAll("audience")
  return values.length > 1 ? [...new Set(values.filter((value) => value !== ""))] : words(values[0])
}

/** Refuses an audience that is not on the client's list. */
export const checkAudience = (client: ClientRecord, audience: ReadonlyArray<string>): void => {
  const allowed = listOf(client, "audience")
  for (const asked of audience) {
    if (allowed.some((entry) => within(entry, asked))) continue
    throw refuse("invalid_request", `Requested audience '${asked}' has not been whitelisted by the OAuth 2.0 Client.`)
  }
}
