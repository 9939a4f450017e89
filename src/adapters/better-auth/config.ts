/** The configuration of the `better-auth` adapter. */
import { z } from "zod"
import type { CommonConfig, Secret } from "../oidc/configuration/common-config.ts"
import { secret } from "../oidc/configuration/secret.ts"
import { settings } from "../oidc/configuration/settings.ts"
import { plainIssuer } from "../oidc/preset.ts"

/** The configuration of the `better-auth` adapter. */
export interface BetterAuthConfig extends CommonConfig {
  /** The base URL and the base path of Better Auth, such as `https://app.example/api/auth`, without a slash at the end. */
  readonly issuer: string
  /**
   * The initial access token that `registration.register` sends, for a server that requires one.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7591#section-3
   */
  readonly initialAccessToken?: Secret | undefined
}

export const config = z.strictObject({
  ...settings,
  issuer: plainIssuer,
  initialAccessToken: secret.optional(),
})
