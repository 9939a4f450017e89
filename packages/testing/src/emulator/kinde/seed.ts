import { type ApplicationType, makeApplication, type TokenSettings } from "./application.ts"
import { managementScopes } from "./management-access.ts"
import { type Kinde, managementAudience } from "./state.ts"
import { type FlagValue, makeUser, type UserParts } from "./users.ts"

/** An application of the tenant. */
export interface KindeSeedApplication {
  /** Its client id; made up when absent. */
  readonly id?: string
  readonly name?: string
  readonly type: ApplicationType
  /** Ignored where the type has none. */
  readonly secret?: string
  readonly redirectUris?: ReadonlyArray<string>
  readonly logoutUris?: ReadonlyArray<string>
  /** Scopes it may have, by the audience of the API. */
  readonly apis?: Readonly<Record<string, ReadonlyArray<string>>>
  /** Its scopes at the Management API, all of them for `true`. */
  readonly management?: true | ReadonlyArray<string>
  /** Binds a machine to one organization. */
  readonly orgCode?: string
  /** In place of the grants that its type brings, for a test that wants one client for everything. */
  readonly grantTypes?: ReadonlyArray<string>
  /** The one that devices get which name none. */
  readonly defaultDevice?: boolean
  readonly tokens?: TokenSettings
}

/** What a tenant knows before the first request. */
export interface KindeSeed {
  readonly applications?: ReadonlyArray<KindeSeedApplication>
  /** The first is who logs in where no `login_hint` says otherwise. */
  readonly users?: ReadonlyArray<UserParts>
  readonly organizations?: ReadonlyArray<{
    readonly code: string
    readonly name?: string
    readonly featureFlags?: Readonly<Record<string, FlagValue>>
  }>
  readonly connectedApps?: ReadonlyArray<{ readonly keyCodeRef: string; readonly callbackUrl?: string }>
}

const plantApplication = (kinde: Kinde, { apis, management, ...parts }: KindeSeedApplication) => {
  if (parts.orgCode !== undefined && !kinde.organizations.has(parts.orgCode)) {
    throw new Error(`Cannot seed application: there is no organization ${parts.orgCode}`)
  }
  const application = makeApplication(parts)
  const all = management === true ? managementScopes : management
  const wanted = { ...apis, ...(all === undefined ? {} : { [managementAudience(kinde)]: all }) }
  for (const [audience, scopes] of Object.entries(wanted)) application.grants.set(audience, new Set(scopes))
  kinde.applications.set(application.id, application)
}

/** Puts organizations, applications, users and connected apps into the tenant. */
export const plant = (kinde: Kinde, seed: KindeSeed): void => {
  for (const { code, name = code, featureFlags = {} } of seed.organizations ?? []) {
    kinde.organizations.set(code, { code, name, featureFlags })
  }
  for (const application of seed.applications ?? []) plantApplication(kinde, application)
  for (const parts of seed.users ?? []) {
    const user = makeUser(kinde, parts)
    for (const code of user.organizations) {
      if (!kinde.organizations.has(code)) kinde.organizations.set(code, { code, name: code, featureFlags: {} })
    }
    kinde.users.set(user.id, user)
  }
  for (const { keyCodeRef, callbackUrl } of seed.connectedApps ?? []) {
    kinde.connectedApps.set(keyCodeRef, { keyCodeRef, callbackUrl })
  }
}
