/** The URLs of a Hydra, without a slash at the end. */
export interface HydraUrls {
  readonly publicUrl: string
  readonly adminUrl: string
}

/**
 * Returns the URLs of a Hydra that runs already, from HYDRA_PUBLIC_URL and HYDRA_ADMIN_URL, or undefined when both are
 * unset. One variable without the other, or a value that is not an http(s) URL, is an error.
 */
export function runningHydra(env: NodeJS.ProcessEnv = process.env): HydraUrls | undefined {
  const publicUrl = env.HYDRA_PUBLIC_URL
  const adminUrl = env.HYDRA_ADMIN_URL
  if (!publicUrl && !adminUrl) return undefined
  return { publicUrl: baseUrl("HYDRA_PUBLIC_URL", publicUrl), adminUrl: baseUrl("HYDRA_ADMIN_URL", adminUrl) }
}

/** Checks a URL, and removes the slashes at its end. */
function baseUrl(name: string, value: string | undefined): string {
  if (!value) throw new Error(`${name} is not set: HYDRA_PUBLIC_URL and HYDRA_ADMIN_URL go together`)
  if (!/^https?:$/.test(URL.parse(value)?.protocol ?? "")) throw new Error(`${name} is not an http or https URL`)
  return value.replace(/\/+$/, "")
}
