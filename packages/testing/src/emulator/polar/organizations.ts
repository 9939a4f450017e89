import { oauthRefusal } from "./refusal.ts"
import type { Organization, Polar, SubjectType, User } from "./state.ts"

/** What an identifier looks like. */
export const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether a user's session can give an organization away. */
export const mayUseOrganization = (polar: Polar, user: User, id: string): boolean => {
  const organization = polar.organizations.get(id)
  return organization?.members.has(user.id) === true && !organization.ssoEnforced
}

/** The organizations a user can choose from. */
export const organizationsOf = (polar: Polar, user: User): ReadonlyArray<Organization> =>
  [...polar.organizations.values()].filter(({ id }) => mayUseOrganization(polar, user, id))

/** What the choice narrows a token to; none is all of them. An error here is never redirected. */
export const narrowedTo = (
  polar: Polar,
  user: User,
  subjectType: SubjectType,
  chosen: ReadonlyArray<string>,
  state: string | undefined,
): ReadonlyArray<string> => {
  if (!chosen.every((id) => uuid.test(id))) {
    throw oauthRefusal("invalid_request", "Invalid 'organizations' UUID", { state })
  }
  const distinct = [...new Set(chosen.map((id) => id.toLowerCase()))].sort()
  const foreign = distinct.find((id) => !mayUseOrganization(polar, user, id))
  if (foreign !== undefined) {
    throw oauthRefusal("invalid_request", `You are not a member of organization ${foreign}`, { state })
  }
  if (subjectType === "user") return distinct
  if (distinct.length === 0) {
    throw oauthRefusal("invalid_request", "sub_type=organization requires selecting an organization", { state })
  }
  return distinct.slice(0, 1)
}
