import { oauthError } from "./errors.ts"
import type { Organization, Polar, User } from "./state.ts"
import type { SubjectType } from "./subject-type.ts"

/** The syntax of an identifier. */
export const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Returns whether a user can grant access to an organization. */
export const mayUseOrganization = (polar: Polar, user: User, id: string): boolean => {
  const organization = polar.organizations.get(id)
  return organization?.members.has(user.id) === true && !organization.ssoEnforced
}

/** Returns the organizations that a user can choose. */
export const organizationsOf = (polar: Polar, user: User): ReadonlyArray<Organization> =>
  [...polar.organizations.values()].filter(({ id }) => mayUseOrganization(polar, user, id))

/**
 * Returns the organizations to which a choice limits a token. An empty list means all organizations of the user.
 *
 * An error is never a redirect to the client.
 */
export const limitOrganizations = (
  polar: Polar,
  user: User,
  subjectType: SubjectType,
  chosen: ReadonlyArray<string>,
  state: string | undefined,
): ReadonlyArray<string> => {
  if (!chosen.every((id) => uuid.test(id))) {
    throw oauthError("invalid_request", "Invalid 'organizations' UUID", { state })
  }
  const distinct = [...new Set(chosen.map((id) => id.toLowerCase()))].sort()
  const foreign = distinct.find((id) => !mayUseOrganization(polar, user, id))
  if (foreign !== undefined) {
    throw oauthError("invalid_request", `Organization ${foreign} is not accessible`, { state })
  }
  if (subjectType === "user") return distinct
  if (distinct.length === 0) {
    throw oauthError("invalid_request", "sub_type=organization requires selecting an organization", { state })
  }
  return distinct.slice(0, 1)
}
