/** The members of every vendor's configuration, with their documentation. */
import type * as Redacted from "effect/Redacted"
import type { ClientAuthMethod } from "../../../ports/clients.ts"
import type { DurationInput } from "../../../ports/duration.ts"
import type { Log } from "../../../ports/log.ts"
import type { Policies } from "../../../ports/policies.ts"

/** A secret: a string, or a `Redacted` string of Effect, which no log prints. */
export type Secret = string | Redacted.Redacted<string>

/** A private key as a JSON Web Key (RFC 7517), with the members that identify how it signs. */
export interface PrivateJwk {
  readonly kty: string
  /** The signature algorithm, such as `"ES256"`. */
  readonly alg: string
  readonly kid?: string | undefined
  /** The private part of the key. */
  readonly d: string
  readonly [member: string]: unknown
}

/** Certificates and keys of the connections to one vendor, as the texts of PEM files. */
export interface TlsConfig {
  /** The certificates of the authorities to trust instead of the platform's: of a private authority, for example. */
  readonly ca?: string | ReadonlyArray<string> | undefined
  /** The certificate of your client, followed by its chain, for mutual TLS. */
  readonly cert?: string | undefined
  /** The private key of `cert`. */
  readonly key?: Secret | undefined
}

/** The members of every vendor's configuration. */
export interface CommonConfig extends Policies {
  /** The id of your client at the vendor. */
  readonly clientId: string
  /**
   * The secret of your client; while it is being replaced, a pair: the new secret and the old one. Absent for a public
   * client (`clientAuth: "none"`), and with `privateKey`.
   */
  readonly clientSecret?: Secret | readonly [Secret, Secret] | undefined
  /**
   * A private JWK that signs client assertions, instead of a secret.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7523
   */
  readonly privateKey?: PrivateJwk | undefined
  /** How your client authenticates, as it is registered at the vendor. Default: by the given credential, in the vendor's usual way. */
  readonly clientAuth?: ClientAuthMethod | undefined
  /** The redirect URI of `authorize`, unless a call gives one. Absolute. */
  readonly redirectUri?: string | undefined
  /** The accepted audiences of an introspected token; `"any"` accepts every token. */
  readonly audience?: "any" | ReadonlyArray<string> | undefined
  /** The scopes to request, unless a call names scopes. */
  readonly scopes?: ReadonlyArray<string> | undefined
  /**
   * The longest time of one HTTP exchange with the vendor. Default 5 seconds. A longer `attemptTimeout` than `timeout` has no
   * effect, except in `pollDevice`.
   */
  readonly attemptTimeout?: DurationInput | undefined
  /** The accepted difference between the vendor's clock and yours: up to 60 seconds. Default 30 seconds. */
  readonly clockSkew?: DurationInput | undefined
  /** The exact `http:` origins to which requests without TLS are allowed, such as `["http://127.0.0.1:4445"]`. */
  readonly insecureOrigins?: ReadonlyArray<string> | undefined
  /**
   * Certificates and keys for this vendor: `ca` replaces the platform's authorities, `cert` and `key` identify your client
   * (mutual TLS). Node and Bun only.
   */
  readonly tls?: TlsConfig | undefined
  /**
   * The URL of the proxy for this vendor, such as `http://proxy.example:3128`, instead of `HTTP_PROXY`, `HTTPS_PROXY` and
   * `NO_PROXY`. Node and Bun only.
   */
  readonly proxy?: string | undefined
  /**
   * Headers of every request to this vendor, such as `{ "x-gateway-key": "..." }`. A header that latchkey sets, such as
   * `Authorization`, is rejected.
   */
  readonly headers?: Readonly<Record<string, Secret>> | undefined
  /** The `User-Agent` of every request. Default `latchkey/` and the version. */
  readonly userAgent?: string | undefined
  /**
   * The age at which a connection is replaced, so that a new address of a host name is used: 1 second to 1 day. Default
   * 5 minutes. No effect where the platform's `fetch` sends the requests.
   */
  readonly maxConnectionAge?: DurationInput | undefined
  /**
   * Receives events for operators: rejected tokens with the failed check, circuits, stale answers, client secrets, key sets
   * and the cache. No event holds a secret or a token. On the Effect API the events go to Effect's logger if there is no
   * `log`.
   */
  readonly log?: Log | undefined
}
