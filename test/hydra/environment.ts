/** The options of a test's Hydra. */
export interface HydraOptions {
  /** The format of access tokens. A client can override it for itself. Default: opaque. */
  readonly accessTokens?: "opaque" | "jwt"
  /** The issuer. Default: the public address. */
  readonly issuer?: string
  /** The lifetime of access tokens, as a Go duration such as "2s" or "1h". Default: one hour, as in Hydra. */
  readonly accessTokenLifespan?: string
  /** The pages to which Hydra sends browsers. Default: pages without a server. */
  readonly pages?: HydraPages
}

/** The addresses of the login, consent and logout pages. */
export interface HydraPages {
  readonly login: string
  readonly consent: string
  readonly logout: string
}

/** The ports and the CORS origin of one start of Hydra. */
export interface Listeners {
  readonly publicPort: number
  readonly adminPort: number
  /** An origin that no other server allows. It shows that a response comes from the process of this start. */
  readonly origin: string
}

/** The URL to which Hydra sends browsers. It has no server: a test reads the challenge from the Location header. */
const browserUrl = "http://127.0.0.1:9"

/**
 * The whole environment of a Hydra under test. It inherits no variable, because a variable of the shell with the name
 * of a setting (DSN, LOG_LEVEL) would change the server.
 */
export function hydraEnvironment(listeners: Listeners, options: HydraOptions): Record<string, string> {
  const issuer = options.issuer ?? `http://127.0.0.1:${listeners.publicPort}`
  return {
    DSN: "memory",
    SECRETS_SYSTEM: "only-for-tests-on-loopback",
    URLS_SELF_ISSUER: issuer,
    URLS_LOGIN: options.pages?.login ?? `${browserUrl}/login`,
    URLS_CONSENT: options.pages?.consent ?? `${browserUrl}/consent`,
    URLS_LOGOUT: options.pages?.logout ?? `${browserUrl}/logout`,
    URLS_DEVICE_VERIFICATION: `${browserUrl}/device`,
    URLS_DEVICE_SUCCESS: `${browserUrl}/device/done`,
    OIDC_DYNAMIC_CLIENT_REGISTRATION_ENABLED: "true",
    WEBFINGER_OIDC_DISCOVERY_CLIENT_REGISTRATION_URL: `${issuer}/oauth2/register`,
    OAUTH2_HASHERS_PBKDF2_ITERATIONS: "1", // the default makes every client authentication slow
    STRATEGIES_ACCESS_TOKEN: options.accessTokens ?? "opaque",
    ...(options.accessTokenLifespan === undefined ? {} : { TTL_ACCESS_TOKEN: options.accessTokenLifespan }),
    LOG_LEVEL: "warn",
    LOG_FORMAT: "json",
    ...listener("PUBLIC", listeners.publicPort, listeners.origin),
    ...listener("ADMIN", listeners.adminPort, listeners.origin),
  }
}

/** The settings of one port. Without a host, Hydra v2.3 listens on every interface. */
function listener(name: "PUBLIC" | "ADMIN", port: number, origin: string): Record<string, string> {
  return {
    [`SERVE_${name}_HOST`]: "127.0.0.1",
    [`SERVE_${name}_PORT`]: String(port),
    [`SERVE_${name}_CORS_ENABLED`]: "true",
    [`SERVE_${name}_CORS_ALLOWED_ORIGINS`]: origin,
  }
}
