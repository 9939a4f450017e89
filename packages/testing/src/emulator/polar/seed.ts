import { randomUUID } from "node:crypto"
import { freshClient } from "./client-record.ts"
import { keepPair } from "./pairs.ts"
import { prefixes, randomToken } from "./random-token.ts"
import { metadataOfSeed } from "./registration-body.ts"
import type { Polar, SubjectType } from "./state.ts"

/** A client in the words of its registration; it may hold grants, scopes and an id that registration would refuse. */
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
  /** The id of the user it belongs to. */
  readonly owner?: string
  /** Made by the vendor: nobody is asked for consent. */
  readonly first_party?: boolean
}

export interface PolarUserSeed {
  readonly id?: string
  readonly email: string
  /** True unless told. */
  readonly email_verified?: boolean
  readonly blocked?: boolean
}

export interface PolarOrganizationSeed {
  readonly id?: string
  readonly slug: string
  /** The slug, unless told. */
  readonly name?: string
  /** The ids of its users. */
  readonly members?: ReadonlyArray<string>
  /** Only sessions that came through single sign-on see it, and here none does. */
  readonly sso_enforced?: boolean
}

/** A pair that was issued before; with `sub_type: "organization"`, of the kind that is not issued any more. */
export interface PolarTokenSeed {
  readonly client_id: string
  readonly sub: string
  readonly sub_type?: SubjectType
  readonly access_token?: string
  readonly refresh_token?: string
  readonly scope?: string
  readonly organizations?: ReadonlyArray<string>
  /** Seconds; now unless told. */
  readonly issued_at?: number
  readonly expires_in?: number
}

/** What a server knows before the first request. What is there already, by its id, is replaced. */
export interface PolarSeed {
  readonly clients?: ReadonlyArray<PolarClientSeed>
  readonly users?: ReadonlyArray<PolarUserSeed>
  readonly organizations?: ReadonlyArray<PolarOrganizationSeed>
  readonly tokens?: ReadonlyArray<PolarTokenSeed>
  /** Web sessions: the value of the cookie, and whose it is. */
  readonly sessions?: ReadonlyArray<{ readonly token: string; readonly user: string }>
  /** Tokens that open the API and are none of OAuth's, such as `polar_pat_…` and `polar_oat_…`. */
  readonly api_tokens?: ReadonlyArray<string>
}

const plantClient = (polar: Polar, seed: PolarClientSeed): void => {
  const fresh = freshClient(polar, metadataOfSeed({ ...seed }), seed.owner)
  polar.clients.set(seed.client_id, {
    ...fresh,
    id: seed.client_id,
    secret: seed.client_secret ?? fresh.secret,
    registrationToken: seed.registration_access_token ?? fresh.registrationToken,
    firstParty: seed.first_party ?? false,
    defaultSubType: seed.default_sub_type ?? "user",
  })
}

const plantToken = (polar: Polar, seed: PolarTokenSeed): void => {
  const subjectType = seed.sub_type ?? "user"
  keepPair(polar, {
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

/** Puts clients, users and the rest into the server's memory. */
export const plant = (polar: Polar, seed: PolarSeed): void => {
  for (const { id = randomUUID(), email, email_verified = true, blocked = false } of seed.users ?? []) {
    polar.users.set(id, { id, email, emailVerified: email_verified, blocked })
  }
  for (const { id = randomUUID(), slug, name = slug, members = [], sso_enforced = false } of seed.organizations ?? []) {
    polar.organizations.set(id, { id, slug, name, members: new Set(members), ssoEnforced: sso_enforced })
  }
  for (const client of seed.clients ?? []) plantClient(polar, client)
  for (const token of seed.tokens ?? []) plantToken(polar, token)
  for (const { token, user } of seed.sessions ?? []) {
    polar.sessions.set(token, { userId: user, expiresAt: polar.now() + polar.lifespans.session * 1000 })
  }
  for (const token of seed.api_tokens ?? []) polar.apiTokens.add(token)
}
