import { refusingUser } from "../oidc/refusing-user.ts"
import { makeId } from "./application.ts"
import type { FlagValue } from "./flag-value.ts"
import type { Kinde } from "./state.ts"
import type { User } from "./user.ts"

/** A user of a seed. */
export interface UserParts {
  /** The subject. Default: a random id. */
  readonly id?: string
  readonly email?: string
  /** Default: `true`. */
  readonly emailVerified?: boolean
  readonly username?: string
  readonly phone?: string
  readonly givenName?: string
  readonly familyName?: string
  readonly picture?: string
  readonly providedId?: string
  /** In seconds since 1970. Default: now. */
  readonly updatedAt?: number
  /** The codes of the user's organizations. A login without `org_code` uses the first. */
  readonly organizations?: ReadonlyArray<string>
  readonly permissions?: ReadonlyArray<string> | null
  readonly roles?: ReadonlyArray<{ readonly id: string; readonly key: string; readonly name: string }>
  readonly featureFlags?: Readonly<Record<string, FlagValue>>
  /** Additional claims of access tokens, as a workflow of the tenant can set them. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Whether the user denies every authorization request. Default: `false`. */
  readonly refuses?: boolean
}

/** Makes a user with the defaults of a seed. */
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

/** Returns the user of a `login_hint`, or the first user without a hint. An unknown hint signs up a new user. */
export const userOfHint = (kinde: Kinde, hint: string): User => {
  const users = [...kinde.users.values()]
  const [first] = users
  if (hint === "" && first !== undefined) return first
  const [, kind = "", rest = ""] = /^(phone|username):([^:]*)/.exec(hint) ?? []
  const existing = users.find((user) => {
    if (kind === "phone") return user.phone === rest
    if (kind === "username") return user.username === rest
    return user.id === hint || user.email === hint || user.username === hint
  })
  if (existing !== undefined) return existing
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
