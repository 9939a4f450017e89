import { refusingUser } from "../oidc.ts"
import { makeId } from "./application.ts"
import type { Kinde } from "./state.ts"

/** A feature flag's value: its type goes into the token beside it. */
export type FlagValue = boolean | number | string

export interface Organization {
  readonly code: string
  readonly name: string
  readonly featureFlags: Readonly<Record<string, FlagValue>>
}

export interface User {
  readonly id: string
  readonly email: string | undefined
  readonly emailVerified: boolean
  readonly username: string | undefined
  readonly phone: string | undefined
  readonly givenName: string
  readonly familyName: string
  readonly picture: string | null
  readonly providedId: string | null
  /** Seconds. */
  readonly updatedAt: number
  /** Codes; the first is the one a login without `org_code` ends in. */
  organizations: ReadonlyArray<string>
  readonly permissions: ReadonlyArray<string> | null
  readonly roles: ReadonlyArray<{ readonly id: string; readonly key: string; readonly name: string }> | undefined
  readonly featureFlags: Readonly<Record<string, FlagValue>>
  /** Added to access tokens, as a tenant's workflow would. */
  readonly claims: Readonly<Record<string, unknown>>
  readonly refuses: boolean
}

export interface UserParts {
  /** The subject; made up when absent. */
  readonly id?: string
  readonly email?: string
  readonly emailVerified?: boolean
  readonly username?: string
  readonly phone?: string
  readonly givenName?: string
  readonly familyName?: string
  readonly picture?: string
  readonly providedId?: string
  /** Epoch seconds. */
  readonly updatedAt?: number
  readonly organizations?: ReadonlyArray<string>
  readonly permissions?: ReadonlyArray<string> | null
  readonly roles?: ReadonlyArray<{ readonly id: string; readonly key: string; readonly name: string }>
  readonly featureFlags?: Readonly<Record<string, FlagValue>>
  /** Added to access tokens, as a tenant's workflow would. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Refuses whatever an application asks for. */
  readonly refuses?: boolean
}

export const makeUser = (kinde: Kinde, parts: UserParts): User => ({
  id: parts.id ?? `kp_${makeId()}`,
  email: parts.email,
  emailVerified: parts.emailVerified ?? true,
  username: parts.username,
  phone: parts.phone,
  givenName: parts.givenName ?? "",
  familyName: parts.familyName ?? "",
  picture: parts.picture ?? null,
  providedId: parts.providedId ?? null,
  updatedAt: parts.updatedAt ?? Math.floor(kinde.now() / 1000),
  organizations: parts.organizations ?? [],
  permissions: parts.permissions === undefined ? [] : parts.permissions,
  roles: parts.roles,
  featureFlags: parts.featureFlags ?? {},
  claims: parts.claims ?? {},
  refuses: parts.refuses ?? parts.id === refusingUser,
})

/** Who a `login_hint` means; somebody the tenant does not know yet signs up. */
export const userOfHint = (kinde: Kinde, hint: string): User => {
  const users = [...kinde.users.values()]
  const [first] = users
  if (hint === "" && first !== undefined) return first
  const [, kind = "", rest = ""] = /^(phone|username):([^:]*)/.exec(hint) ?? []
  const known = users.find((user) => {
    if (kind === "phone") return user.phone === rest
    if (kind === "username") return user.username === rest
    return user.id === hint || user.email === hint || user.username === hint
  })
  if (known !== undefined) return known
  const user = makeUser(kinde, signUp(hint, kind, rest))
  kinde.users.set(user.id, user)
  return user
}

const signUp = (hint: string, kind: string, rest: string): UserParts => {
  if (hint === refusingUser) return { id: refusingUser }
  if (kind === "phone") return { phone: rest }
  if (kind === "username") return { username: rest }
  return hint.includes("@") ? { email: hint } : { username: hint || "somebody" }
}

export const fullName = (user: User): string =>
  [user.givenName, user.familyName].filter((part) => part !== "").join(" ")
