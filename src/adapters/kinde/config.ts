/** The configuration of the `kinde` adapter. */
import { z } from "zod"
import type { Issue } from "../../ports/errors.ts"
import type { CommonConfig, Secret } from "../oidc/configuration/common-config.ts"
import { secret, text } from "../oidc/configuration/secret.ts"
import { baseUrl, settings } from "../oidc/configuration/settings.ts"
import type { UncheckedConfiguration } from "../oidc/configuration/unchecked.ts"
import { withoutTrailingSlash } from "../oidc/kit.ts"

/** The configuration of the `kinde` adapter. */
export interface KindeConfig extends CommonConfig {
  /** The host on which users log in, such as `https://acme.kinde.com`; with a custom domain, that domain. No trailing slash. */
  readonly issuer: string
  /**
   * With a custom domain: the tenant's own host, such as `https://acme.kinde.com`. The Management API exists only there.
   * Default: the issuer.
   */
  readonly apiHost?: string | undefined
  /** A machine-to-machine application that is authorized for the Management API. Client management requires it. */
  readonly management?: KindeManagement | undefined
  /** The user profile that `userInfo` requests. Default `"v2"`. */
  readonly profile?: "v2" | "v1" | undefined
}

/** The credentials of a machine-to-machine application. */
export interface KindeManagement {
  readonly clientId: string
  readonly clientSecret: Secret
}

export const config = z.strictObject({
  ...settings,
  issuer: baseUrl.refine((value) => !value.endsWith("/"), "remove the slash at the end: Kinde's `iss` has none"),
  apiHost: baseUrl.optional(),
  management: z.strictObject({ clientId: text, clientSecret: secret }).optional(),
  profile: z.enum(["v2", "v1"]).default("v2"),
})

export type KindeSettings = z.output<typeof config>

export const hostOf = ({ issuer }: KindeSettings): string => withoutTrailingSlash(issuer)
export const apiHostOf = ({ apiHost, issuer }: KindeSettings): string => withoutTrailingSlash(apiHost ?? issuer)

/** Requires `audience`: Kinde's access tokens are JWTs, which every API of a tenant can validate. */
export const check = ({ audience, privateKey }: UncheckedConfiguration): ReadonlyArray<Issue> => [
  ...(audience === undefined ? [{ path: "audience", message: 'required: the accepted audiences, or "any"' }] : []),
  ...(privateKey === undefined
    ? []
    : [{ path: "privateKey", message: "Kinde does not support private_key_jwt: use clientSecret" }]),
]
