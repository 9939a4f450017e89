/** Small functions that several adapters need. */
import * as Effect from "effect/Effect"
import type { ClientAuthMethod } from "../../ports/clients.ts"
import type { Issue, Reason } from "../../ports/errors.ts"
import type { Settings } from "./configuration/settings.ts"
import type { UncheckedConfiguration } from "./configuration/unchecked.ts"

/** Removes slashes from the end of a URL, so that a path can be added. */
export const withoutTrailingSlash = (url: string): string => url.replace(/\/+$/, "")

/** Adds query parameters to a URL or path. An `undefined` value is omitted. */
export const withQuery = (url: string, query: Readonly<Record<string, string | number | undefined>> = {}): string => {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value))
  return parameters.size === 0 ? url : `${url}?${parameters}`
}

/** Whether a browser may be sent to a URL: any other scheme, such as `javascript:`, would run or open something else. */
export const isHttpUrl = (url: string, base?: string): boolean => /^https?:$/.test(URL.parse(url, base)?.protocol ?? "")

/** Fails with a reason, or succeeds if there is none. */
export const failIf = (reason: Reason | undefined): Effect.Effect<void, Reason> =>
  reason === undefined ? Effect.void : Effect.fail(reason)

/**
 * Returns how a client authenticates: as configured, or by its credential.
 *
 * @param withSecret the vendor's usual method for a client with a secret
 */
export const clientAuthOf = (
  { clientAuth, privateKey, clientSecret }: Pick<Settings, "clientAuth" | "privateKey" | "clientSecret">,
  withSecret: ClientAuthMethod = "client_secret_basic",
): ClientAuthMethod =>
  clientAuth ?? (privateKey !== undefined ? "private_key_jwt" : clientSecret !== undefined ? withSecret : "none")

/** Requires `audience`, for a vendor whose tokens every API of a tenant can validate. */
export const missingAudience = ({ audience }: UncheckedConfiguration): ReadonlyArray<Issue> =>
  audience === undefined ? [{ path: "audience", message: 'required: the audiences of your API, or "any"' }] : []
