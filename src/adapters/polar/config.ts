/** The configuration of the `polar` adapter. */
import { z } from "zod"
import type { Issue } from "../../ports/errors.ts"
import type { CommonConfig } from "../oidc/configuration/common-config.ts"
import { baseUrl, endpoint, settings } from "../oidc/configuration/settings.ts"
import type { UncheckedConfiguration } from "../oidc/configuration/unchecked.ts"

/** The configuration of the `polar` adapter. */
export interface PolarConfig extends CommonConfig {
  /** The environment of Polar. Default `"production"`. */
  readonly environment?: "production" | "sandbox" | undefined
  /** The address of the API. Default: that of the environment. */
  readonly apiUrl?: string | undefined
  /** The address of the authorization page. Default: that of the environment. */
  readonly authorizeUrl?: string | undefined
}

export const config = z.strictObject({
  ...settings,
  environment: z.enum(["production", "sandbox"]).default("production"),
  apiUrl: baseUrl.optional(),
  authorizeUrl: endpoint.optional(),
})

export type PolarSettings = z.output<typeof config>

export const check = ({ privateKey }: UncheckedConfiguration): ReadonlyArray<Issue> =>
  privateKey === undefined
    ? []
    : [{ path: "privateKey", message: "Polar does not support private_key_jwt: use clientSecret" }]
