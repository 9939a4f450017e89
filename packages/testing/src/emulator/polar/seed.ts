import { randomUUID } from "node:crypto"
import { newClient } from "./clients.ts"
import { storePair } from "./pairs.ts"
import { prefixes, randomToken } from "./random-token.ts"
import { metadataOfSeed } from "./registration-body.ts"
import type { Polar } from "./state.ts"
import type { SubjectType } from "./subject-type.ts"

/** A client, with the members of a registration. Its grant types, scopes and ID are not limited. */
export interface PolarClientSeed {
  readonly client_id: string
  readonly client_secret?: string
  readonly registration_access_token?: string
  readonly client_name?: string
  readonly redirect_uris?: ReadonlyArray<string>
  readonly token_endpoint_auth_method?: "client_secret_post" | "client_secret_basic" | "none"
  readonly grant_types?: ReadonlyArray<string>
  readonly response_types?: ReadonlyArray<string>
  readonly scope?: string
  readonly client_uri?: string
  readonly logo_uri?: string
  readonly tos_uri?: string
  readonly policy_uri?: string
  readonly default_sub_type?: SubjectType
  /** The ID of the user who owns the client. */
  readonly owner?: string
  /** Whether the client is the vendor's own, which needs no consent. */
  readonly first_party?: boolean
}

export interface PolarUserSeed {
  readonly id?: string
  readonly email: string
  /** By default true. */
  readonly email_verified?: boolean
  readonly blocked?: boolean
}

export interface PolarOrganizationSeed {
  readonly id?: string
  readonly slug: string
  /** By default the slug. */
  readonly name?: string
  /** The IDs of its users. */
  readonly members?: ReadonlyArray<string>
  /** Whether access requires a session from single sign-on. The emulator has no such sessions. */
  readonly sso_enforced?: boolean
}

/** A token pair that was issued earlier. Pairs with `sub_type: "organization"` are no longer issued. */
export interface PolarTokenSeed {
  readonly client_id: string
  readonly sub: string
  readonly sub_type?: SubjectType
  readonly access_token?: string
  readonly refresh_token?: string
  readonly scope?: string
  readonly organizations?: ReadonlyArray<string>
  /** In seconds since 1970; by default now. */
  readonly issued_at?: number
  /** In seconds; by default the lifespan of access tokens. */
  readonly expires_in?: number
}

/** The data that exist before the first request. Existing data with the same ID are replaced. */
export interface PolarSeed {
  readonly clients?: ReadonlyArray<PolarClientSeed>
  readonly users?: ReadonlyArray<PolarUserSeed>
  readonly organizations?: ReadonlyArray<PolarOrganizationSeed>
  readonly tokens?: ReadonlyArray<PolarTokenSeed>
  /** Web sessions: the value of the session cookie and the ID of the user. */
  readonly sessions?: ReadonlyArray<{ readonly token: string; readonly user: string }>
  /** API tokens that OAuth did not issue, such as `polar_pat_…` and `polar_oat_…`. */
  readonly api_tokens?: ReadonlyArray<string>
}

const insertClient = (polar: Polar, seed: PolarClientSeed): void => {
  const created = newClient(polar, metadataOfSeed({ ...seed }), seed.owner)
  polar.clients.set(seed.client_id, {
    ...created,
    id: seed.client_id,
    secret: seed.client_secret ?? created.secret,
    registrationToken: seed.registration_access_token ?? created.registrationToken,
    firstParty: seed.first_party ?? false,
    defaultSubType: seed.default_sub_type ?? "user",
  })
}

const insertToken = (polar: Polar, seed: PolarTokenSeed): void => {
  const subjectType = seed.sub_type ?? "user"
  storePair(polar, {
    clientId: seed.client_id,
    accessToken: seed.access_token ?? randomToken(prefixes.accessToken[subjectType]),
    refreshToken: seed.refresh_token,
    subjectType,
    subject: seed.sub,
    scope: seed.scope ?? "",
    organizations: seed.organizations ?? [],
    issuedAt: seed.issued_at ?? Math.floor(polar.now() / 1000),
    expiresIn: seed.expires_in ?? polar.lifespans.accessToken,
    startsAt: Number.NEGATIVE_INFINITY,
    endsAt: Number.POSITIVE_INFINITY,
  })
}

/** Adds the data of a seed to the server's state. */
export const insertSeed = (polar: Polar, seed: PolarSeed): void => {
  for (const { id = randomUUID(), email, email_verified = true, blocked = false } of seed.users ?? []) {
    polar.users.set(id, { id, email, emailVerified: email_verified, blocked })
  }
  for (const { id = randomUUID(), slug, name = slug, members = [], sso_enforced = false } of seed.organizations ?? []) {
    polar.organizations.set(id, { id, slug, name, members: new Set(members), ssoEnforced: sso_enforced })
  }
  for (const client of seed.clients ?? []) insertClient(polar, client)
  for (const token of seed.tokens ?? []) insertToken(polar, token)
  for (const { token, user } of seed.sessions ?? []) {
    polar.sessions.set(token, { userId: user, expiresAt: polar.now() + polar.lifespans.session * 1000 })
  }
  for (const token of seed.api_tokens ?? []) polar.apiTokens.add(token)
}
