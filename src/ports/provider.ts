/** The port as a whole: every operation an identity vendor can be asked, and who has which. */
import type { Clients } from "./clients.ts"
import type { ConnectedApps } from "./connected-apps.ts"
import type { Consent } from "./consent.ts"
import type { Introspection } from "./introspection.ts"
import type { Issuance } from "./issuance.ts"
import type { JwtProfile } from "./jwt-profile.ts"
import type { Metadata } from "./metadata.ts"
import type { Policies } from "./policies.ts"
import type { Registration } from "./registration.ts"
import type { Revocation } from "./revocation.ts"
import type { Session } from "./session.ts"
import type { Trust } from "./trust.ts"
import type { UserInfo } from "./userinfo.ts"

/** The verbs that stand alone. */
export interface Verbs extends Issuance, Introspection, Revocation, UserInfo {}

/** The verbs that come in groups. */
export interface Groups {
  readonly clients: Clients
  readonly registration: Registration
  readonly metadata: Metadata
  readonly session: Session
  readonly consent: Consent
  readonly trust: Trust
  readonly connectedApps: ConnectedApps
}

/** Everything that any vendor can be asked. */
export interface Operations extends Verbs, Groups {}

/** The name of an operation, such as `"introspect"` or `"clients.get"`. */
export type Operation = keyof Verbs | { [G in keyof Groups]: `${G}.${keyof Groups[G] & string}` }[keyof Groups]

/** What `Op` is as a function. */
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

/** Exactly the operations named, with their documentation. */
export type Methods<Can extends Operation> = Pick<Operations, Flat<Can>> & {
  readonly [G in Group<Can>]: Pick<Operations[G], Member<Can, G>>
}

/** Who a provider is and what it can do, as data. */
export interface Identity {
  /** The vendor's id, such as `"oidc"`. */
  readonly id: string
  readonly can: ReadonlySet<Operation>
  /** What to use instead of an operation that this vendor lacks. */
  readonly instead: Readonly<Partial<Record<Operation, string>>>
  /** What its JWT access tokens look like, where it issues such. */
  readonly jwt?: JwtProfile
  /** Whom it asks and as whom; absent: what it said is shared with nobody. */
  readonly backend?: Backend
  /** What its vendor does in bad times. */
  readonly traits?: Traits
  /** What its configuration says of the policies around it. */
  readonly policies?: Policies
}

/** All that decides whose answers a provider gives. */
export interface Backend {
  /** The server, by its issuer. */
  readonly instance: string
  /** Where it is asked about tokens. */
  readonly endpoint: string
  /** A one-way name for everything else that is configured, credentials among it. */
  readonly credential: string
}

export interface Traits {
  /** The vendor calls good tokens inactive when something of its own is broken: that answer is not kept. */
  readonly inactiveWhenBroken?: boolean
}

/** Carries in the type what a provider claims, so that a claim can be tested; there is no such member at run time. */
declare const claims: unique symbol

/** A plain object with exactly the operations it has: calling another one does not compile. */
export type Provider<Can extends Operation = never> = Identity &
  Methods<Can> & { readonly [claims]: { readonly [Op in Can]: true } }

/** A provider with every operation; those the vendor lacks fail with `UnsupportedOperation`. */
export type AnyProvider = Identity & Methods<Operation>

/** Says whether a provider has an operation, and lets the compiler know. */
export const supports = <P extends Identity, Op extends Operation>(
  provider: P,
  operation: Op,
): provider is P & Provider<Op> => provider.can.has(operation)
