import { randomUUID } from "node:crypto"
import { clientOfRequest, defaultClientId, type IssueRequest } from "../issue-request.ts"
import { insertClient } from "./clients.ts"
import { issueTokens } from "./issue-tokens.ts"
import type { Ory } from "./state.ts"
import { makeGrant, seconds } from "./tokens.ts"

/** Issues the access token that a user's login and consent would lead to. */
export const issueFor = (ory: Ory, request: IssueRequest): string => {
  const client = clientOfRequest(ory.clients, request) ?? insertClient(ory, { client_id: defaultClientId }).record
  const now = seconds(ory.now())
  const grant = makeGrant({
    clientId: client.id,
    subject: request.subject,
    scopes: request.scopes ?? [],
    audience: [],
    user: {
      ...{ accessToken: {}, idToken: {}, nonce: "", acr: "", amr: [] },
      ...{ sid: randomUUID(), authTime: now, requestedAt: now, consentId: randomUUID() },
    },
  })
  return String(issueTokens(ory, client, grant, "authorization_code").access_token)
}
