import { clientOfGrant, invalidScope, required, tokenAnswer } from "./grant-request.ts"
import type { OAuthForm } from "./oauth-form.ts"
import { endPair, issuePair, type NewPair, pairOf } from "./pairs.ts"
import { oauthRefusal } from "./refusal.ts"
import { scopesOf } from "./scopes.ts"
import type { Polar, TokenPair } from "./state.ts"

type Subject = Pick<NewPair, "subjectType" | "subject" | "organizations">

/** A token of an organization becomes its only member's; with more members, or none, it stays what it was. */
const subjectAfter = (polar: Polar, pair: TokenPair): Subject => {
  const { subjectType, subject, organizations } = pair
  const members = subjectType === "organization" ? polar.organizations.get(subject)?.members : undefined
  const [member] = members?.size === 1 ? members : []
  return member === undefined
    ? { subjectType, subject, organizations }
    : { subjectType: "user", subject: member, organizations: [subject] }
}

/** The refresh grant: a new pair, and both halves of the old one are dead at once. */
export const refreshPair = (polar: Polar, form: OAuthForm): Readonly<Record<string, unknown>> => {
  const { client } = clientOfGrant(polar, form, "refresh_token")
  const old = pairOf(polar, required(form, "refresh_token"), "refresh_token")
  if (old === undefined || old.clientId !== client.id) throw oauthRefusal("invalid_grant")
  const asked = form.either("scope")
  if (asked) {
    const held = new Set(scopesOf(old.scope))
    if (!scopesOf(asked).every((scope) => held.has(scope))) throw invalidScope()
  }
  endPair(polar, old)
  return tokenAnswer(
    issuePair(polar, {
      clientId: client.id,
      ...subjectAfter(polar, old),
      scope: asked ? scopesOf(asked).join(" ") : old.scope,
      expiresIn: polar.lifespans.refreshedAccessToken,
      refreshable: true,
    }),
  )
}
