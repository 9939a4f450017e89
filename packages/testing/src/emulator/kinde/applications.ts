import type { Exchange, Reply } from "../http-server.ts"
import { addressedApplication } from "./addressed-application.ts"
import { type Application, type ApplicationType, makeApplication, shownSettings } from "./application.ts"
import { invalid } from "./errors.ts"
import { pageOf } from "./pagination.ts"
import { success, undocumented } from "./replies.ts"
import { checkMembers, type MemberKind, membersOf, stringIn, stringsIn } from "./request-json.ts"
import type { Kinde } from "./state.ts"
import { checkUrls } from "./urls.ts"

/** GET /api/v1/applications. Entries have `id`, `name` and `type` only. */
export const listApplications = ({ query }: Exchange, kinde: Kinde): Reply => {
  const sort = query.get("sort") ?? "name_asc"
  if (sort !== "name_asc" && sort !== "name_desc") throw invalid("INVALID_SORT", "sort must be name_asc or name_desc")
  const sorted = [...kinde.applications.values()].sort((a, b) => {
    const order = a.name < b.name || (a.name === b.name && a.id < b.id) ? -1 : 1
    return sort === "name_asc" ? order : -order
  })
  const { items, next } = pageOf(kinde, query, sorted, sort)
  const applications = items.map(({ id, name, type }) => ({ id, name, type }))
  return success({
    applications: applications.length === 0 && kinde.quirks.emptyListsAsNull ? null : applications,
    ...next,
  })
}

const types: ReadonlyArray<string> = ["reg", "spa", "m2m", "device"]
const isType = (type: string | undefined): type is ApplicationType => types.includes(type ?? "")

/** POST /api/v1/applications. It accepts no redirect URLs and no settings. */
export const createApplication = (exchange: Exchange, kinde: Kinde): Reply => {
  const members = membersOf(exchange)
  checkMembers(members, { name: "string", type: "string", org_code: "string" })
  const name = stringIn(members, "name")
  const type = stringIn(members, "type")
  const orgCode = stringIn(members, "org_code")
  if (name === undefined || name === "") throw invalid("NAME_REQUIRED", "Name is required")
  if (!isType(type)) throw invalid("APPLICATION_TYPE_INVALID", "Type must be one of reg, spa, m2m or device")
  if (orgCode !== undefined) {
    if (type !== "m2m")
      throw invalid("ORG_CODE_NOT_SUPPORTED", "Only M2M applications can be scoped to an organization")
    if (!kinde.organizations.has(orgCode)) throw invalid("ORGANIZATION_NOT_FOUND", "Organization not found")
  }
  const application = makeApplication({ name, type, ...(orgCode === undefined ? {} : { orgCode }) })
  kinde.applications.set(application.id, application)
  const { id, secret } = application
  return success({ application: { id, client_id: id, client_secret: secret } }, 201)
}

/** GET /api/v1/applications/{id}. The response always contains the secret, and never the redirect and logout URLs. */
export const getApplication = (exchange: Exchange, kinde: Kinde): Reply => {
  const { id, name, type, secret, settings } = addressedApplication(exchange, kinde)
  return success({ application: { id, name, type, client_id: id, client_secret: secret, ...settings } })
}

const patchable: Readonly<Record<string, MemberKind>> = {
  name: "string",
  language_key: "string",
  logout_uris: "strings",
  redirect_uris: "strings",
  login_uri: "string",
  homepage_uri: "string",
  is_allow_faceless_auth: "boolean",
  is_ask_for_name: "boolean",
  has_marketing_consent: "boolean",
  has_sign_in_link_on_sign_up_page: "boolean",
  has_register_link_on_sign_in_page: "boolean",
  has_sign_in_with_sso_button: "boolean",
  use_gravatar_fallback: "boolean",
  is_access_control_enabled: "boolean",
}

const checkAccessControl = ({ type }: Application, members: Readonly<Record<string, unknown>>) => {
  if (members.is_access_control_enabled !== true) return
  if (type === "m2m") {
    throw invalid(
      "ACCESS_CONTROL_NOT_SUPPORTED",
      "Role-based access control is not supported for this application type",
    )
  }
  throw invalid("ACCESS_ROLES_REQUIRED", "Add at least one allowed role before enabling role-based access control")
}

/** PATCH /api/v1/applications/{id}. Unknown members are ignored. */
export const patchApplication = (exchange: Exchange, kinde: Kinde): Reply => {
  const application = addressedApplication(exchange, kinde)
  const members = membersOf(exchange)
  checkMembers(members, patchable)
  checkAccessControl(application, members)
  const redirectUris = stringsIn(members, "redirect_uris")
  const logoutUris = stringsIn(members, "logout_uris")
  checkUrls([...(redirectUris ?? []), ...(logoutUris ?? [])])
  application.name = stringIn(members, "name") ?? application.name
  application.redirectUris = redirectUris ?? application.redirectUris
  application.logoutUris = logoutUris ?? application.logoutUris
  const settings: Record<string, string | boolean> = { ...application.settings }
  for (const name of Object.keys(shownSettings)) {
    const value = Object.hasOwn(patchable, name) ? members[name] : undefined
    if (typeof value === "string" || typeof value === "boolean") settings[name] = value
  }
  application.settings = settings
  return undocumented(kinde)
}

/** DELETE /api/v1/applications/{id}. */
export const deleteApplication = (exchange: Exchange, kinde: Kinde): Reply => {
  kinde.applications.delete(addressedApplication(exchange, kinde).id)
  return success()
}
