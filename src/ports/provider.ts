/** The whole port: every operation of an identity vendor, and the providers that have some of them. */
import type * as Effect from "effect/Effect"
import type { Clients } from "./clients.ts"
import type { ConnectedApps } from "./connected-apps.ts"
import type { Consent } from "./consent.ts"
import type { AuthError } from "./errors.ts"
import type { Events } from "./events.ts"
import type { Fleet } from "./fleet.ts"
import type { Monitor } from "./health.ts"
import type { Introspection } from "./introspection.ts"
import type { Issuance } from "./issuance.ts"
import type { JwtProfile } from "./jwt-profile.ts"
import type { Metadata, ServerKeys } from "./metadata.ts"
import type { Policies } from "./policies.ts"
import type { Registration } from "./registration.ts"
import type { Revocation } from "./revocation.ts"
import type { Session } from "./session.ts"
import type { Tenant } from "./telemetry.ts"
import type { TokenExchange } from "./token-exchange.ts"
import type { Trust } from "./trust.ts"
import type { UserInfo } from "./userinfo.ts"

/** The operations without a group. */
export interface Verbs extends Issuance, TokenExchange, Introspection, Revocation, UserInfo {}

/** The operations in groups. */
export interface Groups {
  readonly clients: Clients
  readonly registration: Registration
  readonly metadata: Metadata
  readonly session: Session
  readonly consent: Consent
  readonly trust: Trust
  readonly connectedApps: ConnectedApps
}

/** Every operation of any vendor. */
export interface Operations extends Verbs, Groups {}

/** The name of an operation, such as `"introspect"` or `"clients.get"`. */
export type Operation = keyof Verbs | { [G in keyof Groups]: `${G}.${keyof Groups[G] & string}` }[keyof Groups]

/** The function type of an operation. */
export type Method<Op extends Operation> = Op extends keyof Verbs
  ? Verbs[Op]
  : Op extends `${infer G extends keyof Groups}.${infer M}`
    ? Groups[G][M & keyof Groups[G]]
    : never

type Flat<Can extends Operation> = Extract<Can, keyof Verbs>
type Group<Can extends Operation> = Can extends `${infer G extends keyof Groups}.${string}` ? G : never
type Member<
  Can extends Operation,
  G extends keyof Groups,
> = Can extends `${G}.${infer M extends keyof Groups[G] & string}` ? M : never

/** Exactly the operations in `Can`, with their documentation. */
export type Methods<Can extends Operation> = Pick<Operations, Flat<Can>> & {
  readonly [G in Group<Can>]: Pick<Operations[G], Member<Can, G>>
}

/** The identity and the abilities of a provider, as data. */
export interface Identity {
  /** The vendor's id, such as `"oidc"`. */
  readonly id: string
  /** The operations that the provider has. */
  readonly can: ReadonlySet<Operation>
  /** The alternatives to operations that this vendor lacks. */
  readonly instead: Readonly<Partial<Record<Operation, string>>>
  /** The format of the vendor's JWT access tokens, if the vendor issues JWTs. */
  readonly jwt?: JwtProfile
  /** Functions that fetch the keys of issuers with their own key set, by issuer. */
  readonly keySets?: ReadonlyMap<string, () => Effect.Effect<ServerKeys, AuthError>>
  /** Server and credentials; part of every cache key. Without it nothing is shared between callers. */
  readonly backend?: Backend
  /** The behaviour of the vendor during its own outages, after a revocation, and in operations with several writes. */
  readonly traits?: Traits
  /** The policies of the configuration. */
  readonly policies?: Policies
  /** Delivers the events of the provider to the `log` of the configuration. */
  readonly events?: Events
  /** The store that the processes of a fleet share. */
  readonly fleet?: Fleet
  /** Server and client, as the metrics name them. */
  readonly tenant?: Tenant
  /** The part that `health` reads, and the requests that it sends. */
  readonly monitor?: Monitor
}

/** The server and the credentials of a provider. Providers with equal backends get the same answers. */
export interface Backend {
  /** The server's issuer. */
  readonly instance: string
  /** The URL of the introspection endpoint, or of the metadata document. */
  readonly endpoint: string
  /** The client id of the configuration, if it has one. */
  readonly clientId?: string
  /** A keyed hash of the whole configuration, credentials included. */
  readonly credential: string
  /**
   * Returns a hash of the adapter's id and the whole configuration that is the same in every process. Absent: a fleet shares no
   * answers.
   */
  readonly fingerprint?: () => string | Promise<string>
}

/** Data about the behaviour of a vendor. */
export interface Traits {
  /** The vendor reports active tokens as inactive during its own outages: an inactive answer is not cached. */
  readonly inactiveWhenBroken?: boolean
  /**
   * Returns every spelling of an access token that the vendor accepts, the given one included. Default: that one alone. A
   * revocation of one spelling ends all.
   */
  readonly spellings?: (token: string) => ReadonlyArray<string>
  /**
   * The tokens that may end when one token is revoked: `"grant"`, the tokens of its subject at its client, or
   * `"subject"`, the tokens of its subject at every client. Default `"grant"`.
   */
  readonly revocationEnds?: "grant" | "subject"
  /** How the vendor's logout tokens differ from the standard (OpenID Connect Back-Channel Logout 1.0 section 2.4). */
  readonly logoutToken?: LogoutTokenTraits
  /** The operations that change the vendor with several requests: `timeout` limits each of them. */
  readonly severalWrites?: ReadonlySet<Operation>
}

/** The deviations of a vendor's logout tokens from the standard. */
export interface LogoutTokenTraits {
  /** The values of the header `typ`, in lower case and without `application/`. Default `["logout+jwt"]`. */
  readonly types?: ReadonlyArray<string>
  /** The tokens have no `exp`: their `iat` alone limits their age. */
  readonly withoutExpiry?: boolean
}

/** Holds `Can` in the type, so that a type test can read it. The member does not exist at run time. */
declare const claims: unique symbol

/** A plain object with exactly the operations in `Can`: a call of another one does not compile. */
export type Provider<Can extends Operation = never> = Identity &
  Methods<Can> & { readonly [claims]: { readonly [Op in Can]: true } }

/** A provider with every operation. An operation that the vendor lacks fails with `UnsupportedOperation`. */
export type AnyProvider = Identity & Methods<Operation>

/** Whether a provider has an operation. Narrows the provider's type. */
export const supports = <P extends Identity, Op extends Operation>(
  provider: P,
  operation: Op,
): provider is P & Provider<Op> => provider.can.has(operation)
