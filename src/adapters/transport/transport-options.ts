/** The options of the standard transport. */

/** Certificates and keys as PEM texts. */
export interface TlsFiles {
  /** The certificates of the authorities to trust instead of the platform's. */
  readonly ca?: string | ReadonlyArray<string> | undefined
  /** The client's certificate, with its chain (mutual TLS). */
  readonly cert?: string | undefined
  /** The private key of `cert`. */
  readonly key?: string | undefined
}

/** The options of the standard transport. */
export interface TransportOptions {
  /** The exact `http:` origins that are allowed, such as `["http://127.0.0.1:4445"]`. Others require `https:`. */
  readonly insecureOrigins: ReadonlyArray<string>
  readonly tls?: TlsFiles | undefined
  /** The URL of the proxy for every request, instead of the proxies of the environment. */
  readonly proxy?: string | undefined
  /** The age at which a connection is replaced, in milliseconds. Default 5 minutes. */
  readonly maxConnectionAge?: number | undefined
}

/** The default of `maxConnectionAge`, in milliseconds. */
export const defaultMaxAge = 300_000
