import type { Exchange, Reply } from "../http-server.ts"
import { type AuthorizeRequest, clientRedirect, readAuthorizeRequest, redirectError } from "./authorize-request.ts"
import { type Caller, userOfCaller } from "./caller.ts"
import { frameworkError } from "./errors.ts"
import { limitOrganizations, organizationsOf } from "./organizations.ts"
import { prefixes, randomToken } from "./random-token.ts"
import { json, redirect } from "./replies.ts"
import { knownScopes, scopeLabel } from "./scopes.ts"
import type { Consent, Polar, User } from "./state.ts"

/** The next step of an authorization request. */
export type AuthorizeOutcome =
  | { readonly kind: "done"; readonly location: string }
  | { readonly kind: "login" }
  | { readonly kind: "consent"; readonly request: AuthorizeRequest; readonly user: User | undefined }

/** Returns the key under which a user's consent to a client is stored. */
const consentKey = (request: AuthorizeRequest, user: User): string => `${request.client.id} ${user.id}`

/** Issues a code for a user and returns the URL that takes it to the client. */
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
    redirectUri: request.requestedRedirectUri,
    nonce: request.nonce,
    challenge: request.challenge,
    organizations: limitOrganizations(polar, user, request.subjectType, organizations, request.errorState),
    createdAt: polar.now(),
    expiresAt: polar.now() + polar.lifespans.code * 1000,
    redeemedAt: Number.POSITIVE_INFINITY,
  })
  return clientRedirect(polar, request, [["code", code]])
}

/** Stores a user's consent, in place of an earlier consent. */
export const storeConsent = (
  polar: Polar,
  request: AuthorizeRequest,
  user: User,
  organizations: ReadonlyArray<string>,
): void => {
  polar.consents.set(consentKey(request, user), { scopes: new Set(request.scopes), organizations })
}

const covers = (consent: Consent | undefined, request: AuthorizeRequest): boolean =>
  consent !== undefined && request.scopes.every((scope) => consent.scopes.has(scope))

/** Returns the next step of an authorization request. `user` is `undefined` without a session. */
export const authorizeOutcome = (polar: Polar, query: URLSearchParams, user: User | undefined): AuthorizeOutcome => {
  const request = readAuthorizeRequest(polar, query)
  const { prompts, client } = request
  const isSilent = prompts.includes("none")
  if (user === undefined) {
    if (isSilent) throw redirectError(polar, request, "login_required")
    const showsPage = prompts.length === 0 && !request.scopes.includes("openid")
    if (showsPage && polar.readings.anonymousAuthorize === "page") return { kind: "consent", request, user }
    return { kind: "login" }
  }
  if (prompts.includes("login") && !client.firstParty) return { kind: "login" }
  const consent = polar.consents.get(consentKey(request, user))
  if (!client.firstParty && !covers(consent, request)) {
    if (isSilent) throw redirectError(polar, request, "consent_required")
    return { kind: "consent", request, user }
  }
  const showsPage = isSilent ? polar.readings.silentConsent === "page" : prompts.length > 0
  if (!client.firstParty && showsPage) return { kind: "consent", request, user }
  const rememberedOrganizations = polar.readings.consentedOrganizations === "kept" ? (consent?.organizations ?? []) : []
  const organizations = request.organizations.length > 0 ? request.organizations : rememberedOrganizations
  return { kind: "done", location: issueCode(polar, request, user, organizations) }
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
  // The user chooses an organization on the page, but the subject of the token is the user.
  sub_type: "user",
  sub: user === undefined ? null : { id: user.id, email: user.email, avatar_url: null },
  scopes: [...scopes].reverse(),
  organizations: (user === undefined ? [] : organizationsOf(polar, user)).map(({ id, slug, name }) => ({
    ...{ id, slug, avatar_url: null },
    ...(polar.features.showsOrganizationNames && { name }),
  })),
  requires_single_organization: subjectType === "organization",
  scope_display_names: Object.fromEntries([...knownScopes].map((scope) => [scope, scopeLabel(scope)])),
})

/** GET /v1/oauth2/authorize: the data of the consent page. */
export const authorize = ({ query }: Exchange, polar: Polar, caller: Caller): Reply => {
  const user = userOfCaller(caller)
  const outcome = authorizeOutcome(polar, query, user)
  if (outcome.kind === "login") throw frameworkError(401, "Unauthorized")
  if (outcome.kind === "done") return redirect(outcome.location)
  return json(200, consentJson(polar, outcome.request, outcome.user))
}
