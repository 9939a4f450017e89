import type { Application } from "./application.ts"
import type { FlagValue } from "./flag-value.ts"
import type { Kinde } from "./state.ts"
import type { Grant } from "./token-record.ts"
import { tokenId } from "./tokens.ts"
import type { User } from "./user.ts"
import { fullName } from "./users.ts"

type Claims = Readonly<Record<string, unknown>>

const withoutUndefined = (claims: Readonly<Record<string, unknown>>): Claims =>
  Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))

const flagType = { boolean: "b", number: "i", string: "s" } as const

const flagsOf = (flags: Readonly<Record<string, FlagValue>>) =>
  Object.fromEntries(
    Object.entries(flags).map(([key, v]) => {
      const type = typeof v
      return [key, { t: type === "boolean" || type === "number" ? flagType[type] : flagType.string, v }]
    }),
  )

/** The names of claims with Hasura mapping. */
const hasuraNames: Readonly<Record<string, string>> = {
  permissions: "x-hasura-permissions",
  org_code: "x-hasura-org-code",
  org_codes: "x-hasura-org-codes",
  roles: "x-hasura-roles",
  feature_flags: "x-hasura-feature-flags",
}

const withHasuraNames = (application: Application, claims: Claims): Claims =>
  application.tokens.hasura === true
    ? Object.fromEntries(Object.entries(claims).map(([name, value]) => [hasuraNames[name] ?? name, value]))
    : claims

/** In seconds since 1970. */
export interface Times {
  readonly iat: number
  readonly exp: number
}

const userClaims = (kinde: Kinde, grant: Grant, user: User): Claims => {
  const organization = kinde.organizations.get(grant.orgCode ?? "")
  return {
    ...user.claims,
    sub: user.id,
    scp: grant.scopes,
    org_code: grant.orgCode,
    ...(organization === undefined ? {} : { org_name: organization.name }),
    permissions: user.permissions,
    roles: user.roles,
    feature_flags: flagsOf({ ...organization?.featureFlags, ...user.featureFlags }),
  }
}

/** The token of a machine has no `sub`. `scp` contains only the requested scopes, `scope` all granted ones. */
const machineClaims = (grant: Grant): Claims => ({
  gty: ["client_credentials"],
  scope: grant.granted.join(" "),
  scp: grant.scopes,
  org_code: grant.orgCode,
})

/** Returns the claims of an access token. */
export const accessClaims = (kinde: Kinde, application: Application, grant: Grant, times: Times): Claims => {
  const user = kinde.users.get(grant.userId ?? "")
  const typeClaims = user === undefined ? machineClaims(grant) : userClaims(kinde, grant, user)
  return withHasuraNames(
    application,
    withoutUndefined({
      ...typeClaims,
      ...times,
      iss: kinde.issuer,
      aud: grant.audience,
      azp: application.id,
      jti: tokenId(),
      v: "2",
    }),
  )
}

/** Returns the OpenID Connect claims of a user that the scopes allow. */
const profileClaims = (user: User, scopes: ReadonlyArray<string>): Claims => ({
  ...(scopes.includes("email") && user.email !== undefined
    ? { email: user.email, email_verified: user.emailVerified }
    : {}),
  ...(scopes.includes("profile")
    ? {
        name: fullName(user),
        given_name: user.givenName,
        family_name: user.familyName,
        picture: user.picture,
        preferred_username: user.username ?? null,
        updated_at: user.updatedAt,
        provided_id: user.providedId,
      }
    : {}),
})

/** Returns the user profile, version 2. `id` is a copy of `sub`. */
export const profileOf = (user: User, scopes: ReadonlyArray<string>): Claims => ({
  sub: user.id,
  id: user.id,
  ...profileClaims(user, scopes),
})

/** Returns the claims of an ID token. */
export const idClaims = (
  kinde: Kinde,
  application: Application,
  grant: Grant,
  user: User,
  times: Times & { readonly at_hash: string; readonly nonce: string | undefined },
): Claims =>
  withHasuraNames(
    application,
    withoutUndefined({
      ...profileClaims(user, grant.scopes),
      ...(grant.scopes.includes("phone") && user.phone !== undefined
        ? { phone_number: user.phone, phone_number_verified: true }
        : {}),
      ...times,
      iss: kinde.issuer,
      aud: [kinde.issuer, application.id],
      azp: application.id,
      sub: user.id,
      auth_time: grant.authTime,
      rat: grant.requestedAt,
      jti: tokenId(),
      org_codes: user.organizations,
    }),
  )
