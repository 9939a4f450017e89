/** The protected resource metadata of an API (RFC 9728). */
import type { Issue } from "../ports/errors.ts"
import { isAddress } from "./address.ts"
import type { DpopOptions } from "./dpop.ts"
import type { Introspector } from "./introspector.ts"
import { isWord } from "./needs.ts"

/** The members of the protected resource metadata that an application chooses (RFC 9728 section 2). */
export interface MetadataOptions {
  /**
   * The identifier of the protected resource, below `publicUrl`, exactly as clients know it. Default `publicUrl`. APIs
   * at several paths of one address need one guard each, with its own `resource`.
   */
  readonly resource?: string
  /** The issuers whose tokens the API accepts. Default: the configured server. */
  readonly authorizationServers?: ReadonlyArray<string>
  readonly scopesSupported?: ReadonlyArray<string>
  readonly resourceName?: string
  readonly resourceDocumentation?: string
  readonly resourcePolicyUri?: string
  readonly resourceTosUri?: string
}

/** The published metadata. */
export interface Resource {
  /** The path that serves the document (RFC 9728 section 3.1). */
  readonly path: string
  /** The path as routers declare it, which compare it with the decoded path of a request. */
  readonly route: string
  readonly url: string
  /** JSON. */
  readonly document: string
}

const wellKnown = "/.well-known/oauth-protected-resource"

/** Inserts the well-known path between host and path. A slash that follows the host is removed (RFC 9728 section 3.1). */
const metadataUrlOf = (resource: string): URL => {
  const url = new URL(resource)
  url.pathname = wellKnown + (url.pathname === "/" ? "" : url.pathname)
  return url
}

/** Makes the document. Empty lists are left out (RFC 9728 section 3.2). */
export const resourceOf = (
  { backend }: Introspector,
  publicUrl: string,
  metadata: MetadataOptions,
  dpop: DpopOptions | undefined,
  algorithms: ReadonlyArray<string>,
  bindsCertificates: boolean,
): Resource => {
  const { resource = publicUrl, authorizationServers = backend === undefined ? [] : [backend.instance] } = metadata
  const members = {
    resource,
    authorization_servers: authorizationServers,
    scopes_supported: metadata.scopesSupported,
    bearer_methods_supported: ["header"],
    resource_name: metadata.resourceName,
    resource_documentation: metadata.resourceDocumentation,
    resource_policy_uri: metadata.resourcePolicyUri,
    resource_tos_uri: metadata.resourceTosUri,
    dpop_signing_alg_values_supported: dpop && algorithms,
    dpop_bound_access_tokens_required: dpop?.mode === "required" ? true : undefined,
    tls_client_certificate_bound_access_tokens: bindsCertificates ? true : undefined,
  }
  const present = Object.entries(members).filter(([, value]) => !(Array.isArray(value) && value.length === 0))
  const url = metadataUrlOf(resource)
  return {
    path: url.pathname,
    route: routeOf(url.pathname),
    url: url.href,
    document: JSON.stringify(Object.fromEntries(present)),
  }
}

/** Decodes a path, and escapes the colons, with which parameters of a route begin. */
const routeOf = (path: string): string => {
  try {
    return decodeURI(path).replaceAll(":", "::")
  } catch {
    return path
  }
}

const isUrl = (value: unknown): boolean => typeof value === "string" && URL.canParse(value)

const listOf = (isRight: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every(isRight)

/** The expected form of each member, apart from `resource`. */
const expected = {
  authorizationServers: {
    isRight: listOf(isAddress),
    message: "expected a list of URLs without user, query and fragment",
  },
  scopesSupported: { isRight: listOf(isWord), message: "expected a list of scopes, each without spaces" },
  resourceName: { isRight: (value: unknown) => typeof value === "string", message: "expected a text" },
  resourceDocumentation: { isRight: isUrl, message: "expected a URL" },
  resourcePolicyUri: { isRight: isUrl, message: "expected a URL" },
  resourceTosUri: { isRight: isUrl, message: "expected a URL" },
} as const
const names = Object.keys(expected) as ReadonlyArray<keyof typeof expected>
const known: ReadonlySet<string> = new Set(["resource", ...names])

/** Returns the problems of the metadata. */
export const problemsOfMetadata = (
  metadata: MetadataOptions | undefined,
  publicUrl: string | undefined,
  { backend }: Introspector,
): ReadonlyArray<Issue> => {
  if (metadata === undefined) return []
  if (typeof metadata !== "object" || metadata === null)
    return [{ path: "metadata", message: "expected an object; {} publishes the defaults" }]
  const problem = (name: string, message: string): Issue => ({ path: `metadata.${name}`, message })
  const { resource, authorizationServers } = metadata
  const unknown = Object.keys(metadata).filter((name) => !known.has(name))
  const wrong = names.filter((name) => metadata[name] !== undefined && !expected[name].isRight(metadata[name]))
  return [
    ...unknown.map((name) => problem(name, `unknown; expected one of ${Array.from(known).join(", ")}`)),
    ...wrong.map((name) => problem(name, expected[name].message)),
    ...(resource === undefined || (publicUrl !== undefined && isBelow(resource, publicUrl))
      ? []
      : [problem("resource", "expected a URL below publicUrl, without user, query and fragment")]),
    ...(authorizationServers === undefined && backend === undefined
      ? [
          problem(
            "authorizationServers",
            "expected the issuers whose tokens are accepted: the client does not name its server",
          ),
        ]
      : []),
  ]
}

const isBelow = (resource: unknown, publicUrl: string): boolean => {
  if (!isAddress(resource)) return false
  const { origin, pathname } = new URL(resource)
  const base = new URL(publicUrl)
  const folder = base.pathname.replace(/\/$/, "")
  return origin === base.origin && (pathname === base.pathname || pathname.startsWith(`${folder}/`))
}
