import { clientOfRequest, defaultClientId, type IssueRequest } from "../issue-request.ts"
import { issuePair } from "./pairs.ts"
import { insertSeed } from "./seed.ts"
import type { Polar } from "./state.ts"

/** Issues the access token that a user's login and consent would lead to. */
export const issueFor = (polar: Polar, request: IssueRequest): string => {
  const { subject, scopes = [] } = request
  if (!polar.users.has(subject)) insertSeed(polar, { users: [{ id: subject, email: `${subject}@example.com` }] })
  const existing = clientOfRequest(polar.clients, request)
  if (existing === undefined) insertSeed(polar, { clients: [{ client_id: defaultClientId }] })
  const pair = issuePair(polar, {
    clientId: existing?.id ?? defaultClientId,
    subjectType: "user",
    subject,
    scope: scopes.join(" "),
    organizations: [],
    expiresIn: polar.lifespans.accessToken,
    refreshable: false,
  })
  return pair.accessToken
}
