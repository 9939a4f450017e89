/** Finds every problem of a configuration. */
import type { z } from "zod"
import { suggestion } from "../../../internal/closest-name.ts"
import type { Issue } from "../../../ports/errors.ts"
import type { Operation } from "../../../ports/provider.ts"
import type { Definition } from "../definition.ts"
import { schemaMessage } from "./schema-message.ts"
import { clientAuthMethods, type Settings } from "./settings.ts"
import { shownName } from "./shown-name.ts"
import type { UncheckedConfiguration } from "./unchecked.ts"

/** Returns the problems of single members first, then those that concern several members; one for each member. */
export const problemsOf = <Can extends Operation, Config extends z.ZodType<Settings>>(
  { config, check }: Pick<Definition<Can, Config>, "config" | "check">,
  input: unknown,
): ReadonlyArray<Issue> => {
  const found = config.safeParse(input, { error: schemaMessage }).error?.issues ?? []
  const ofMembers = found.flatMap(issuesOf).map((issue) => withSuggestion(issue, config))
  if (typeof input !== "object" || input === null) return ofMembers
  const unchecked = input as UncheckedConfiguration
  const between = [
    ...credentialIssues(unchecked),
    ...insecureUrlIssues(unchecked),
    ...policyIssues(unchecked),
    ...(check?.(unchecked) ?? []),
  ]
  return [...ofMembers, ...between.filter(({ path }) => !ofMembers.some((issue) => issue.path === path))]
}

/** Adds a suggestion for a misspelt member. */
const withSuggestion = ({ path, message }: Issue, config: z.ZodType): Issue => {
  const { shape } = config._zod.def as { readonly shape?: object }
  // The members of a member have other names.
  const isMember = message === "unknown member" && !path.includes(".")
  return { path, message: isMember ? message + suggestion(path, Object.keys(shape ?? {})) : message }
}

const issuesOf = (issue: z.core.$ZodIssue): ReadonlyArray<Issue> => {
  const nested = issue.code === "invalid_union" ? intended(issue.errors) : []
  if (nested.length > 0) return nested.flatMap((each) => issuesOf({ ...each, path: [...issue.path, ...each.path] }))
  return issue.code === "unrecognized_keys"
    ? issue.keys.map((key) => ({ path: [...issue.path, shownName(key)].join("."), message: "unknown member" }))
    : [{ path: issue.path.map(shownPart).join("."), message: issue.message }]
}

/** The caller chooses the names of headers, so a name that may be a secret in the wrong place is not repeated. */
const shownPart = (part: PropertyKey, at: number, path: ReadonlyArray<PropertyKey>): string =>
  at === 1 && path[0] === "headers" && !/^[a-z-]{1,40}$/i.test(String(part)) ? "[redacted]" : String(part)

/** Returns the issues of the alternative that the caller probably meant: one that matches at its top level. */
const intended = (alternatives: ReadonlyArray<ReadonlyArray<z.core.$ZodIssue>>): ReadonlyArray<z.core.$ZodIssue> =>
  alternatives.find((issues) => issues.some(({ path, code }) => path.length > 0 || code === "unrecognized_keys")) ?? []

const credentialIssues = ({ clientAuth, clientSecret, privateKey }: UncheckedConfiguration): ReadonlyArray<Issue> => {
  // Anything else than a method may be a secret in the wrong member, so it is not repeated.
  const hasCredential = (clientSecret ?? privateKey) !== undefined
  if (clientSecret !== undefined && privateKey !== undefined)
    return [{ path: "privateKey", message: "give clientSecret or privateKey, not both" }]
  if (clientAuth === "none")
    return hasCredential ? [{ path: "clientAuth", message: '"none" requires a client without credentials' }] : []
  if (!clientAuthMethods.some((method) => method === clientAuth))
    return hasCredential
      ? []
      : [{ path: "clientSecret", message: 'required (or privateKey, or clientAuth "none" for a public client)' }]
  const path = clientAuth === "private_key_jwt" ? "privateKey" : "clientSecret"
  return { clientSecret, privateKey }[path] === undefined
    ? [{ path, message: `required by clientAuth "${clientAuth}"` }]
    : []
}

/** Members that are not addresses of the vendor, even if they look like URLs. */
const noAddresses: ReadonlySet<string> = new Set([
  "redirectUri",
  "clientId",
  "clientSecret",
  "apiKey",
  "initialAccessToken",
  "proxy",
  "userAgent",
])

/** Finds the vendor's URLs with plain http whose origin is not listed. */
const insecureUrlIssues = (config: UncheckedConfiguration): ReadonlyArray<Issue> => {
  const listed = Array.isArray(config.insecureOrigins) ? config.insecureOrigins : []
  return addressesOf(config).flatMap(([path, value]) => {
    if (typeof value !== "string" || !/^http:\/\//i.test(value)) return []
    const url = URL.parse(value)
    if (url === null || listed.includes(url.origin)) return []
    return [{ path, message: `${url.origin} is not https; to allow it, add this exact origin to "insecureOrigins"` }]
  })
}

/** The values that may be addresses of the vendor, by their paths. */
const addressesOf = (config: UncheckedConfiguration): ReadonlyArray<readonly [path: string, value: unknown]> => {
  const { issuers, origins } = Object(config.token) as UncheckedConfiguration
  const keySets = Array.isArray(issuers) ? issuers.map((each) => (Object(each) as UncheckedConfiguration).jwksUri) : []
  return [
    ...Object.entries(config)
      .filter(([name]) => !noAddresses.has(name))
      .map(([name, value]) => [shownName(name), value] as const),
    ...Object.entries(Object(config.endpoints) as object).map(
      ([name, value]) => [`endpoints.${shownName(name)}`, value] as const,
    ),
    ...keySets.map((value, at) => [`token.issuers.${at}.jwksUri`, value] as const),
    ...(Array.isArray(origins) ? origins : []).map((value, at) => [`token.origins.${at}`, value] as const),
  ]
}

const policyIssues = ({ cache, staleIfError }: UncheckedConfiguration): ReadonlyArray<Issue> =>
  cache === false && staleIfError !== undefined
    ? [{ path: "staleIfError", message: "requires `cache`, which is off" }]
    : []
