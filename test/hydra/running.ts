/** Where a Hydra can be reached; no slash at the end. */
export interface HydraUrls {
  readonly publicUrl: string
  readonly adminUrl: string
}

/**
 * The Hydra that somebody runs already, as HYDRA_PUBLIC_URL and HYDRA_ADMIN_URL say, or undefined when neither is set.
 * One without the other, or something that is no http(s) URL, is an error.
 */
export function runningHydra(env: NodeJS.ProcessEnv = process.env): HydraUrls | undefined {
  const publicUrl = env.HYDRA_PUBLIC_URL
  const adminUrl = env.HYDRA_ADMIN_URL
  if (!publicUrl && !adminUrl) return undefined
  return { publicUrl: base("HYDRA_PUBLIC_URL", publicUrl), adminUrl: base("HYDRA_ADMIN_URL", adminUrl) }
}

/** The URL without a slash at its end. */
function base(name: string, value: string | undefined): string {
  if (!value) throw new Error(`${name} is not set: HYDRA_PUBLIC_URL and HYDRA_ADMIN_URL go together`)
  if (!/^https?:$/.test(URL.parse(value)?.protocol ?? "")) throw new Error(`${name} is not an http or https URL`)
  return value.replace(/\/+$/, "")
}
