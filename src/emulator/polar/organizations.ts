import { oauthRefusal } from "./refusal.ts"
import type { Organization, Polar, SubjectType, User } from "./state.ts"

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
  if (!chosen.every((id) => mayUseOrganization(polar, user, id))) {
    throw oauthRefusal("invalid_request", "Organization is not accessible", { state })
  }
  const distinct = [...new Set(chosen)].sort()
  if (subjectType === "user") return distinct
  if (distinct.length === 0) {
    throw oauthRefusal("invalid_request", "sub_type=organization requires selecting an organization", { state })
  }
  return distinct.slice(0, 1)
}
