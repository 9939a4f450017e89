import type { Exchange, Reply } from "../http-server.ts"
import { addressedApplication } from "./addressed-application.ts"
import type { TokenSettings } from "./application.ts"
import { invalid } from "./errors.ts"
import { success } from "./replies.ts"
import { checkMembers, type MemberKind, membersOf } from "./request-json.ts"
import type { Kinde } from "./state.ts"

const lifetimes = {
  access_token_lifetime: "accessToken",
  refresh_token_lifetime: "refreshToken",
  id_token_lifetime: "idToken",
  authenticated_session_lifetime: "session",
} as const

const memberKinds: Readonly<Record<string, MemberKind>> = {
  ...Object.fromEntries(Object.keys(lifetimes).map((name) => [name, "integer"])),
  is_hasura_mapping_enabled: "boolean",
}

/** PATCH /api/v1/applications/{id}/tokens. No operation returns these settings. */
export const patchTokenSettings = (exchange: Exchange, kinde: Kinde): Reply => {
  const application = addressedApplication(exchange, kinde)
  const members = membersOf(exchange)
  checkMembers(members, memberKinds)
  const changed = Object.entries(lifetimes).flatMap(([name, key]) => {
    const value = members[name]
    if (typeof value !== "number") return []
    if (value < 1) throw invalid("INVALID_TOKEN_LIFETIME", `${name} must be positive`)
    return [[key, value] as const]
  })
  const hasura = members.is_hasura_mapping_enabled
  const next: TokenSettings = {
    ...application.tokens,
    ...Object.fromEntries(changed),
    ...(typeof hasura === "boolean" ? { hasura } : {}),
  }
  const { accessToken = kinde.lifespans.accessToken, refreshToken = kinde.lifespans.refreshToken } = next
  if (refreshToken <= accessToken) {
    throw invalid("INVALID_TOKEN_LIFETIME", "refresh_token_lifetime must exceed access_token_lifetime")
  }
  application.tokens = next
  return success()
}
