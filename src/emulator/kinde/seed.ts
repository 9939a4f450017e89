import { type ApplicationType, makeApplication, makeId, type TokenSettings } from "./application.ts"
import { managementScopes } from "./management-access.ts"
import { type Api, type Kinde, managementAudience } from "./state.ts"
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
  /** Scopes it may have, by the audience of the API; the API is made if it is not there. */
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
  readonly apis?: ReadonlyArray<{
    readonly audience: string
    readonly name?: string
    readonly scopes?: ReadonlyArray<string>
  }>
  /** The first is who logs in where no `login_hint` says otherwise. */
  readonly users?: ReadonlyArray<UserParts>
  readonly organizations?: ReadonlyArray<{
    readonly code: string
    readonly name?: string
    readonly featureFlags?: Readonly<Record<string, FlagValue>>
  }>
  readonly connectedApps?: ReadonlyArray<{ readonly keyCodeRef: string; readonly callbackUrl?: string }>
}

const addScopes = (api: Api, keys: ReadonlyArray<string>) => {
  for (const key of keys) {
    const known = [...api.scopes.values()].some((scope) => scope.key === key)
    const id = `api_scope_${makeId()}`
    if (!known) api.scopes.set(id, { id, key, description: "" })
  }
}

const apiFor = (kinde: Kinde, audience: string, name = audience): Api => {
  const known = [...kinde.apis.values()].find((api) => api.audience === audience)
  if (known !== undefined) return known
  const isManagement = audience === managementAudience(kinde)
  const api: Api = { id: makeId(), name, audience, isManagement, scopes: new Map() }
  kinde.apis.set(api.id, api)
  return api
}

const plantApplication = (kinde: Kinde, { apis, management, ...parts }: KindeSeedApplication) => {
  if (parts.orgCode !== undefined && !kinde.organizations.has(parts.orgCode)) {
    throw new Error(`Cannot seed application: there is no organization ${parts.orgCode}`)
  }
  const application = makeApplication(parts)
  const all = management === true ? managementScopes : management
  const wanted = { ...apis, ...(all === undefined ? {} : { [managementAudience(kinde)]: all }) }
  for (const [audience, scopes] of Object.entries(wanted)) {
    const api = apiFor(kinde, audience)
    addScopes(api, scopes)
    application.grants.set(api.id, new Set(scopes))
  }
  kinde.applications.set(application.id, application)
}

/** Puts organizations, APIs, applications, users and connected apps into the tenant. */
export const plant = (kinde: Kinde, seed: KindeSeed): void => {
  for (const { code, name = code, featureFlags = {} } of seed.organizations ?? []) {
    kinde.organizations.set(code, { code, name, featureFlags })
  }
  for (const { audience, name, scopes = [] } of seed.apis ?? []) addScopes(apiFor(kinde, audience, name), scopes)
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

/** The API that every tenant has. */
export const plantManagementApi = (kinde: Kinde): void => {
  addScopes(apiFor(kinde, managementAudience(kinde), "Kinde Management API"), managementScopes)
}
