/** What an application says of its Ory: self-hosted with two addresses, or Ory Network with one and an API key. */
import { z } from "zod"
import type { Issue } from "../../ports/errors.ts"
import { millis } from "../oidc/configuration/policy-settings.ts"
import { baseUrl, secret, settings, type Written } from "../oidc/configuration/settings.ts"

export const config = z.strictObject({
  ...settings,
  /** Self-hosted: where browsers and clients go. */
  publicUrl: baseUrl.optional(),
  /** Self-hosted: the admin address, on a private network. */
  adminUrl: baseUrl.optional(),
  /** Ory Network: the project's host. */
  projectUrl: baseUrl.optional(),
  /** Ory Network: a project API key. */
  apiKey: secret.optional(),
  /** The issuer, when it is not the public address without its trailing slash. */
  issuer: baseUrl.optional(),
})

export type Config = z.output<typeof config>

export const check = (written: Written): ReadonlyArray<Issue> => [...addresses(written), ...cached(written)]

/** Hydra calls good tokens inactive while its database is down. */
const cached = ({ cache }: Written): ReadonlyArray<Issue> =>
  typeof cache === "object" && cache !== null && "inactiveMaxAge" in cache && millis(cache.inactiveMaxAge)
    ? [{ path: "cache.inactiveMaxAge", message: 'leave it out: Ory may say "inactive" of a good token on a bad day' }]
    : []

/** One kind of address or the other, and that one whole. */
const addresses = ({ publicUrl, adminUrl, projectUrl, apiKey }: Written): ReadonlyArray<Issue> => {
  const selfHosted = publicUrl !== undefined || adminUrl !== undefined
  const network = projectUrl !== undefined || apiKey !== undefined
  if (selfHosted && network)
    return [
      {
        path: projectUrl !== undefined ? "projectUrl" : publicUrl !== undefined ? "publicUrl" : "adminUrl",
        message: "give publicUrl and adminUrl, or projectUrl and apiKey, not both",
      },
    ]
  const needed = network ? { projectUrl, apiKey } : { publicUrl, adminUrl }
  const other = network ? "publicUrl and adminUrl when self-hosted" : "projectUrl and apiKey on Ory Network"
  return Object.entries(needed).flatMap(([path, value]) =>
    value === undefined ? [{ path, message: `required (or ${other})` }] : [],
  )
}

const base = (url: string | undefined): string => (url ?? "").replace(/\/+$/, "")

export const publicSide = ({ publicUrl, projectUrl }: Config): string => base(publicUrl ?? projectUrl)
export const adminSide = ({ adminUrl, projectUrl }: Config): string => base(adminUrl ?? projectUrl)
