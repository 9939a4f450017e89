/** The server of the tests: its address, and how to administer its realms. */

/** A Keycloak that runs already, with an administrator of its realm `master`. */
export interface GivenKeycloak {
  /** The address, without a slash at the end. */
  readonly url: string
  readonly username: string
  readonly password: string
}

/** A Keycloak as the test files get it. */
export interface RunningKeycloak extends GivenKeycloak {
  /** The realm of the tests, and another one, which a test may change. */
  readonly realm: string
  readonly other: string
}

/**
 * Returns the Keycloak in KEYCLOAK_URL, KEYCLOAK_ADMIN and KEYCLOAK_ADMIN_PASSWORD, or undefined when all are unset. Some
 * without the others, or a value that is not an http(s) URL, is an error.
 */
export const givenKeycloak = (env: NodeJS.ProcessEnv = process.env): GivenKeycloak | undefined => {
  const { KEYCLOAK_URL: url, KEYCLOAK_ADMIN: username, KEYCLOAK_ADMIN_PASSWORD: password } = env
  if (!url && !username && !password) return undefined
  if (!url || !username || !password)
    throw new Error("KEYCLOAK_URL, KEYCLOAK_ADMIN and KEYCLOAK_ADMIN_PASSWORD go together: set all of them, or none")
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) throw new Error("KEYCLOAK_URL is not an http or https URL")
  return { url: url.replace(/\/+$/, ""), username, password }
}
