import { type Durations, inSeconds } from "../durations.ts"
import { type ApplicationType, makeApplication, type TokenSettings } from "./application.ts"
import type { FlagValue } from "./flag-value.ts"
import { managementScopes } from "./management-access.ts"
import { managementAudience } from "./management-audience.ts"
import type { Kinde } from "./state.ts"
import { makeUser, type UserParts } from "./users.ts"

/** An application (OAuth client) of the tenant. */
export interface KindeSeedApplication {
  /** The client id. Default: a random id. */
  readonly id?: string
  /** Default: the id. */
  readonly name?: string
  /** `reg`: back-end web, `spa`: single-page or mobile, `m2m`: machine to machine, `device`: device. */
  readonly type: ApplicationType
  /** Default: a random secret. Ignored for `spa` and `device`, which have no secret. */
  readonly secret?: string
  /** The allowed callback URLs. */
  readonly redirectUris?: ReadonlyArray<string>
  /** The allowed logout redirect URLs. */
  readonly logoutUris?: ReadonlyArray<string>
  /** The allowed scopes, by the audience of the API. */
  readonly apis?: Readonly<Record<string, ReadonlyArray<string>>>
  /** The allowed scopes of the Management API; `true`: all of them. */
  readonly management?: true | ReadonlyArray<string>
  /** Binds an `m2m` application to one organization, by its code. */
  readonly orgCode?: string
  /** The allowed grant types. Default: those of the type. */
  readonly grantTypes?: ReadonlyArray<string>
  /** Whether device authorization requests without `client_id` use this application. Default: `false`. */
  readonly defaultDevice?: boolean
  /** The lifetimes, such as `"5 minutes"`, and `hasura`, which renames claims as Hasura expects them. */
  readonly tokens?: Partial<Durations<Omit<TokenSettings, "hasura">>> & Pick<TokenSettings, "hasura">
}

/** The data of a tenant. */
export interface KindeSeed {
  readonly applications?: ReadonlyArray<KindeSeedApplication>
  /** A login without `login_hint` continues as the first user. */
  readonly users?: ReadonlyArray<UserParts>
  readonly organizations?: ReadonlyArray<{
    readonly code: string
    /** Default: the code. */
    readonly name?: string
    readonly featureFlags?: Readonly<Record<string, FlagValue>>
  }>
  /** Third parties, by the key code reference that `authUrl` takes. */
  readonly connectedApps?: ReadonlyArray<{ readonly keyCodeRef: string; readonly callbackUrl?: string }>
}

const addApplication = (kinde: Kinde, { apis, management, tokens = {}, ...parts }: KindeSeedApplication) => {
  if (parts.orgCode !== undefined && !kinde.organizations.has(parts.orgCode)) {
    throw new Error(`cannot seed the application: its orgCode "${parts.orgCode}" is not the code of an organization`)
  }
  const { hasura, ...lifetimes } = tokens
  const settings: TokenSettings = {
    ...inSeconds<Omit<TokenSettings, "hasura">>("tokens", lifetimes),
    ...(hasura !== undefined && { hasura }),
  }
  const application = makeApplication({ ...parts, tokens: settings })
  const scopesOfManagement = management === true ? managementScopes : management
  const apiScopes = {
    ...apis,
    ...(scopesOfManagement === undefined ? {} : { [managementAudience(kinde)]: scopesOfManagement }),
  }
  for (const [audience, scopes] of Object.entries(apiScopes)) application.grants.set(audience, new Set(scopes))
  kinde.applications.set(application.id, application)
}

/** Adds organizations, applications, users and connected apps to the tenant. */
export const insertSeed = (kinde: Kinde, seed: KindeSeed): void => {
  for (const { code, name = code, featureFlags = {} } of seed.organizations ?? []) {
    kinde.organizations.set(code, { code, name, featureFlags })
  }
  for (const application of seed.applications ?? []) addApplication(kinde, application)
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
