/** The configuration of the `ory` adapter. */
import { z } from "zod"
import { millisOf } from "../../internal/duration.ts"
import type { Issue } from "../../ports/errors.ts"
import type { CommonConfig, Secret } from "../oidc/configuration/common-config.ts"
import { secret } from "../oidc/configuration/secret.ts"
import { baseUrl, endpoint, settings } from "../oidc/configuration/settings.ts"
import type { UncheckedConfiguration } from "../oidc/configuration/unchecked.ts"
import { withoutTrailingSlash } from "../oidc/kit.ts"

/** The configuration of the `ory` adapter: a self-hosted Ory Hydra, or Ory Network. */
export type OryConfig = OrySelfHostedConfig | OryNetworkConfig

/** A self-hosted Ory Hydra. */
export interface OrySelfHostedConfig extends CommonConfig, OryIssuer {
  /** The public address, for browsers and clients. */
  readonly publicUrl: string
  /** The admin address, on a private network. */
  readonly adminUrl: string
  readonly projectUrl?: undefined
  readonly apiKey?: undefined
}

/** A project of Ory Network. */
export interface OryNetworkConfig extends CommonConfig, OryIssuer {
  /** The address of the project, such as `https://slug.projects.oryapis.com`. */
  readonly projectUrl: string
  /** An API key of the project. It is sent to the admin endpoints only. */
  readonly apiKey: Secret
  readonly publicUrl?: undefined
  readonly adminUrl?: undefined
}

interface OryIssuer {
  /** The issuer. Default: the public address, or the address of the project, without a slash at the end. */
  readonly issuer?: string | undefined
  /**
   * The audience of client assertions: the token endpoint below the server's `urls.self.public`. Default: the token
   * endpoints below the public address and below the issuer. Only with `privateKey`.
   */
  readonly assertionAudience?: string | undefined
}

export const config = z.strictObject({
  ...settings,
  publicUrl: baseUrl.optional(),
  adminUrl: baseUrl.optional(),
  projectUrl: baseUrl.optional(),
  apiKey: secret.optional(),
  issuer: baseUrl.optional(),
  assertionAudience: endpoint.optional(),
})

export type OrySettings = z.output<typeof config>

export const check = (unchecked: UncheckedConfiguration): ReadonlyArray<Issue> => [
  ...addressIssues(unchecked),
  ...cacheIssues(unchecked),
  ...assertionIssues(unchecked),
]

const assertionIssues = ({ assertionAudience, privateKey }: UncheckedConfiguration): ReadonlyArray<Issue> =>
  assertionAudience !== undefined && privateKey === undefined
    ? [{ path: "assertionAudience", message: "give a privateKey too, or remove it: only a client assertion has it" }]
    : []

/** Hydra reports valid tokens as inactive while its database is unavailable. */
const cacheIssues = ({ cache }: UncheckedConfiguration): ReadonlyArray<Issue> =>
  typeof cache === "object" && cache !== null && "inactiveMaxAge" in cache && millisOf(cache.inactiveMaxAge)
    ? [
        {
          path: "cache.inactiveMaxAge",
          message: "remove it: Ory reports valid tokens as inactive while its database is unavailable",
        },
      ]
    : []

/** Requires the addresses of one kind, and all of them. */
const addressIssues = ({ publicUrl, adminUrl, projectUrl, apiKey }: UncheckedConfiguration): ReadonlyArray<Issue> => {
  const isSelfHosted = publicUrl !== undefined || adminUrl !== undefined
  const isNetwork = projectUrl !== undefined || apiKey !== undefined
  if (isSelfHosted && isNetwork)
    return [
      {
        path: projectUrl !== undefined ? "projectUrl" : publicUrl !== undefined ? "publicUrl" : "adminUrl",
        message: "give publicUrl and adminUrl, or projectUrl and apiKey, not both",
      },
    ]
  const required = isNetwork ? { projectUrl, apiKey } : { publicUrl, adminUrl }
  const alternative = isNetwork ? "publicUrl and adminUrl when self-hosted" : "projectUrl and apiKey on Ory Network"
  return Object.entries(required).flatMap(([path, value]) =>
    value === undefined ? [{ path, message: `required (or ${alternative})` }] : [],
  )
}

export const publicUrlOf = ({ publicUrl, projectUrl }: OrySettings): string =>
  withoutTrailingSlash(publicUrl ?? projectUrl ?? "")
export const adminUrlOf = ({ adminUrl, projectUrl }: OrySettings): string =>
  withoutTrailingSlash(adminUrl ?? projectUrl ?? "")
