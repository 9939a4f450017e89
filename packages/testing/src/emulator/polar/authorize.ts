import type { Exchange, Reply } from "../http-server.ts"
import { type AuthorizeRequest, backToClient, readAuthorizeRequest, redirectedError } from "./authorize-request.ts"
import { type Caller, userOrNobody } from "./caller.ts"
import { narrowedTo, organizationsOf } from "./organizations.ts"
import { prefixes, randomToken } from "./random-token.ts"
import { frameworkRefusal } from "./refusal.ts"
import { json, redirect } from "./replies.ts"
import { scopeLabel } from "./scopes.ts"
import type { Consent, Polar, User } from "./state.ts"

/** What an authorize request comes to. */
export type AuthorizeOutcome =
  | { readonly kind: "done"; readonly location: string }
  | { readonly kind: "login" }
  | { readonly kind: "consent"; readonly request: AuthorizeRequest; readonly user: User | undefined }

/** Where a (client, user) pair's consent is kept. */
const consentKey = (request: AuthorizeRequest, user: User): string => `${request.client.id} ${user.id}`

/** Issues a code for what the user agreed to, and answers where the browser goes with it. */
export const issueCode = (
  polar: Polar,
  request: AuthorizeRequest,
  user: User,
  organizations: ReadonlyArray<string>,
): string => {
  const code = randomToken(prefixes.code)
  polar.codes.set(code, {
    clientId: request.client.id,
    userId: user.id,
    scope: request.scopes.join(" "),
    redirectUri: request.givenRedirectUri,
    nonce: request.nonce,
    challenge: request.challenge,
    organizations: narrowedTo(polar, user, request.subjectType, organizations, request.state),
    createdAt: polar.now(),
    expiresAt: polar.now() + polar.lifespans.code * 1000,
    redeemedAt: Number.POSITIVE_INFINITY,
  })
  return backToClient(polar, request, [["code", code]])
}

/** Remembers what a user agreed to, in place of what was agreed before. */
export const rememberConsent = (
  polar: Polar,
  request: AuthorizeRequest,
  user: User,
  organizations: ReadonlyArray<string>,
): void => {
  polar.consents.set(consentKey(request, user), { scopes: new Set(request.scopes), organizations })
}

const covers = (consent: Consent | undefined, request: AuthorizeRequest): boolean =>
  consent !== undefined && request.scopes.every((scope) => consent.scopes.has(scope))

/** Decides what comes next for a user, or for nobody yet. */
export const authorizeOutcome = (polar: Polar, query: URLSearchParams, user: User | undefined): AuthorizeOutcome => {
  const request = readAuthorizeRequest(polar, query)
  const { prompts, client } = request
  const silent = prompts.includes("none")
  if (user === undefined) {
    if (silent) throw redirectedError(polar, request, "login_required")
    const mayWait = prompts.length === 0 && !request.scopes.includes("openid")
    if (mayWait && polar.readings.anonymousAuthorize === "page") return { kind: "consent", request, user }
    return { kind: "login" }
  }
  if (prompts.includes("login")) return { kind: "login" }
  const consent = polar.consents.get(consentKey(request, user))
  if (!client.firstParty && !covers(consent, request)) {
    if (silent) throw redirectedError(polar, request, "consent_required")
    return { kind: "consent", request, user }
  }
  const asksAgain = silent ? polar.readings.silentConsent === "page" : prompts.length > 0
  if (!client.firstParty && asksAgain) return { kind: "consent", request, user }
  const known = polar.readings.consentedOrganizations === "kept" ? (consent?.organizations ?? []) : []
  const chosen = request.organizations.length > 0 ? request.organizations : known
  return { kind: "done", location: issueCode(polar, request, user, chosen) }
}

const consentJson = (polar: Polar, { client, subjectType, scopes }: AuthorizeRequest, user: User | undefined) => ({
  client: {
    created_at: new Date(client.createdAt).toISOString(),
    modified_at: client.modifiedAt === undefined ? null : new Date(client.modifiedAt).toISOString(),
    client_id: client.id,
    client_name: client.metadata.client_name,
    client_uri: client.metadata.client_uri ?? null,
    logo_uri: client.metadata.logo_uri ?? null,
    tos_uri: client.metadata.tos_uri ?? null,
    policy_uri: client.metadata.policy_uri ?? null,
  },
  // An organization is chosen on the page, but the token is the user's.
  sub_type: "user",
  sub: user === undefined ? null : { id: user.id, email: user.email, avatar_url: null },
  scopes: [...scopes].reverse(),
  organizations: (user === undefined ? [] : organizationsOf(polar, user)).map(({ id, slug, name }) => ({
    ...{ id, slug, avatar_url: null },
    ...(polar.drift.organizationsNamed && { name }),
  })),
  requires_single_organization: subjectType === "organization",
  scope_display_names: Object.fromEntries(scopes.map((scope) => [scope, scopeLabel(scope)])),
})

/** GET /v1/oauth2/authorize: what the page behind the browser asks. */
export const authorize = ({ query }: Exchange, polar: Polar, caller: Caller): Reply => {
  const user = userOrNobody(caller)
  const outcome = authorizeOutcome(polar, query, user)
  if (outcome.kind === "login") throw frameworkRefusal(401, "Unauthorized")
  if (outcome.kind === "done") return redirect(outcome.location)
  return json(200, consentJson(polar, outcome.request, outcome.user))
}
