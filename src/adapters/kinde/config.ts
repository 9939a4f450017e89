/** What an application says of its Kinde. */
import { z } from "zod"
import type { Issue } from "../../ports/errors.ts"
import { baseUrl, secret, settings, type Written } from "../oidc/configuration/settings.ts"

export const config = z.strictObject({
  ...settings,
  /** The host that users log in on, custom domain or not. */
  issuer: baseUrl.refine(
    (value) => !value.endsWith("/"),
    "Kinde's issuers end without a slash, and its tokens name them so",
  ),
  /** The tenant's own host, when the issuer is a custom domain: the Management API is there and nowhere else. */
  apiHost: baseUrl.optional(),
  /** A machine-to-machine application that may use the Management API. */
  management: z.strictObject({ clientId: z.string().min(1), clientSecret: secret }).optional(),
  /** Which user profile `userInfo` asks for. Default `"v2"`. */
  profile: z.enum(["v2", "v1"]).default("v2"),
})

export type Config = z.output<typeof config>

export const base = (url: string): string => url.replace(/\/+$/, "")
export const apiHost = ({ apiHost, issuer }: Config): string => base(apiHost ?? issuer)

/** The audience must be said: access tokens are JWTs that anybody can check. */
export const check = ({ audience, privateKey }: Written): ReadonlyArray<Issue> => [
  ...(audience === undefined
    ? [
        {
          path: "audience",
          message:
            'required: the audiences that a token may have, or "any"; access tokens are JWTs for anybody who checks',
        },
      ]
    : []),
  ...(privateKey === undefined ? [] : [{ path: "privateKey", message: "Kinde has no such method: give clientSecret" }]),
]
