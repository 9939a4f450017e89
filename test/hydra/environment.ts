/** What a test may choose about its Hydra. */
export interface HydraOptions {
  /** The form of every access token; a client may still ask for the other. Default: opaque. */
  readonly accessTokens?: "opaque" | "jwt"
  /** How long access tokens live, as a Go duration such as "2s" or "1h". Default: Hydra's own, one hour. */
  readonly accessTokenLifespan?: string
}

/** What one start of Hydra is given beside the options. */
export interface Place {
  readonly publicPort: number
  readonly adminPort: number
  /** An origin that no other server allows: by it we know that an answer comes from the process that we started. */
  readonly origin: string
}

/** Where Hydra sends browsers. Nothing listens there: a test reads the challenge from the Location header. */
const browserUrl = "http://127.0.0.1:9"

/**
 * The whole environment of a Hydra under test. Nothing of ours is inherited, because any variable of the shell that
 * happens to be called like a setting (DSN, LOG_LEVEL) would change the server.
 */
export function hydraEnvironment(place: Place, options: HydraOptions): Record<string, string> {
  const issuer = `http://127.0.0.1:${place.publicPort}`
  return {
    DSN: "memory",
    SECRETS_SYSTEM: "only-for-tests-on-loopback",
    URLS_SELF_ISSUER: issuer,
    URLS_LOGIN: `${browserUrl}/login`,
    URLS_CONSENT: `${browserUrl}/consent`,
    URLS_LOGOUT: `${browserUrl}/logout`,
    URLS_DEVICE_VERIFICATION: `${browserUrl}/device`,
    URLS_DEVICE_SUCCESS: `${browserUrl}/device/done`,
    OIDC_DYNAMIC_CLIENT_REGISTRATION_ENABLED: "true",
    WEBFINGER_OIDC_DISCOVERY_CLIENT_REGISTRATION_URL: `${issuer}/oauth2/register`,
    OAUTH2_HASHERS_PBKDF2_ITERATIONS: "1", // the default makes every client authentication slow
    STRATEGIES_ACCESS_TOKEN: options.accessTokens ?? "opaque",
    ...(options.accessTokenLifespan === undefined ? {} : { TTL_ACCESS_TOKEN: options.accessTokenLifespan }),
    LOG_LEVEL: "warn",
    LOG_FORMAT: "json",
    ...listener("PUBLIC", place.publicPort, place.origin),
    ...listener("ADMIN", place.adminPort, place.origin),
  }
}

/** The settings of one port. Without a host, Hydra v2.3 would listen on every interface. */
function listener(name: "PUBLIC" | "ADMIN", port: number, origin: string): Record<string, string> {
  return {
    [`SERVE_${name}_HOST`]: "127.0.0.1",
    [`SERVE_${name}_PORT`]: String(port),
    [`SERVE_${name}_CORS_ENABLED`]: "true",
    [`SERVE_${name}_CORS_ALLOWED_ORIGINS`]: origin,
  }
}
