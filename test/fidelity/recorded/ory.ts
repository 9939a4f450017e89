/** Answers of real Ory Hydras, as data: CI can build only v2.3.0, so those of later releases are kept here. */

/** A release of Ory Hydra whose answers were recorded. */
export type RecordedRelease = "v2.3.0" | "v26.2.0" | "HEAD"

/**
 * Where and when the answers were recorded.
 *
 * @public
 */
export const source = {
  server: "Ory Hydra on an SQLite database; v2.3.0 also in memory",
  releases: { "v2.3.0": "v2.3.0", "v26.2.0": "v26.2.0", HEAD: "83127c575 of 24 July 2026" },
  date: "2026-11-28",
} as const

type Json = Readonly<Record<string, unknown>>

/** One request to the admin API and its answer. Only the listed members were recorded. */
export interface RecordedAnswer {
  /** The continuation of the sentence "the server ...". */
  readonly name: string
  readonly releases: ReadonlyArray<RecordedRelease>
  /** The client that is registered before the request. `{id}` in the path is its id. */
  readonly client?: Json
  readonly method: string
  readonly path: string
  /** JSON, or the text of the body. */
  readonly body?: unknown
  /** 0: the server closes the connection and sends no response. */
  readonly status: number
  readonly answer?: Json
  /** The client afterwards. */
  readonly client_afterwards?: Json
}

const v2 = ["v2.3.0"] as const
const later = ["v26.2.0", "HEAD"] as const
const built = ["v2.3.0", "v26.2.0"] as const

const jwk = {
  kty: "EC",
  crv: "P-256",
  kid: "k",
  use: "sig",
  alg: "ES256",
  x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}

const stored = {
  client_name: "N",
  owner: "o",
  contacts: ["a@b.c"],
  metadata: { a: 1 },
  skip_consent: true,
  access_token_strategy: "jwt",
  jwt_bearer_grant_access_token_lifespan: "1m0s",
  scope: "x y",
  userinfo_signed_response_alg: "RS256",
}

const cleared = {
  client_name: "",
  owner: "",
  contacts: [],
  metadata: {},
  skip_consent: false,
  access_token_strategy: undefined,
  jwt_bearer_grant_access_token_lifespan: null,
  scope: "offline_access offline openid",
  userinfo_signed_response_alg: "none",
} satisfies Record<keyof typeof stored, unknown>

type Member = keyof typeof stored

const patch = { method: "PATCH", path: "/admin/clients/{id}" }
const create = { method: "POST", path: "/admin/clients" }

const removals = (Object.keys(stored) as ReadonlyArray<Member>).flatMap((member): ReadonlyArray<RecordedAnswer> => {
  const request = { ...patch, client: stored, body: [{ op: "remove", path: `/${member}` }], status: 200 }
  return [
    {
      ...{ ...request, name: `keeps ${member} when a patch removes it`, releases: v2 },
      client_afterwards: { [member]: stored[member] },
    },
    {
      ...{ ...request, name: `clears ${member} when a patch removes it`, releases: later },
      client_afterwards: { [member]: cleared[member] },
    },
  ]
})

const nullable = [
  "client_name",
  "owner",
  "skip_consent",
  "access_token_strategy",
  "jwt_bearer_grant_access_token_lifespan",
] as const

const nulls = nullable.flatMap((member): ReadonlyArray<RecordedAnswer> => {
  const request = { ...patch, client: stored, body: [{ op: "add", path: `/${member}`, value: null }], status: 200 }
  return [
    {
      ...{ ...request, name: `keeps ${member} when a patch sets it to null`, releases: v2 },
      client_afterwards: { [member]: stored[member] },
    },
    {
      ...{ ...request, name: `clears ${member} when a patch sets it to null`, releases: later },
      client_afterwards: { [member]: cleared[member] },
    },
  ]
})

const withKeys = { jwks: { keys: [jwk] } }
const setKeys = (value: unknown) => ({ ...patch, client: withKeys, body: [{ op: "add", path: "/jwks", value }] })

const keySets = [
  { value: {}, releases: v2, effect: "keeps", client_afterwards: withKeys },
  { value: {}, releases: later, effect: "clears", client_afterwards: { jwks: {} } },
  { value: null, releases: built, effect: "clears", client_afterwards: { jwks: {} } },
  { value: { keys: [] }, releases: built, effect: "clears", client_afterwards: { jwks: { keys: [] } } },
].map(({ value, effect, ...row }): RecordedAnswer => {
  const name = `${effect} the keys when a patch sets jwks to ${JSON.stringify(value)}`
  return { ...setKeys(value), name, status: 200, ...row }
})

const patches: ReadonlyArray<RecordedAnswer> = [
  {
    ...patch,
    name: "rejects a patch of a client with a jwks_uri",
    releases: v2,
    client: { jwks_uri: "https://app.example/jwks" },
    body: [{ op: "replace", path: "/owner", value: "x" }],
    status: 400,
    answer: { error: "invalid_client_metadata" },
  },
  {
    ...patch,
    name: "performs a patch of a client with a jwks_uri",
    releases: later,
    client: { jwks_uri: "https://app.example/jwks" },
    body: [{ op: "replace", path: "/owner", value: "x" }],
    status: 200,
    answer: { owner: "x" },
    client_afterwards: { owner: "x", jwks_uri: "https://app.example/jwks" },
  },
  {
    ...{ ...patch, name: "ignores that a patch removes client_id", releases: v2, client: {} },
    ...{ body: [{ op: "remove", path: "/client_id" }], status: 200 },
  },
  {
    ...{ ...patch, name: "does not find a client whose patch removes client_id", releases: later, client: {} },
    ...{ body: [{ op: "remove", path: "/client_id" }], status: 404 },
  },
]

/** Members of `jwks.keys` that the server refuses to decode. */
const badKeys: ReadonlyArray<readonly [string, unknown]> = [
  ["a null", null],
  ["a string", "x"],
  ["an empty object", {}],
  ["a y that is an object", { ...jwk, y: {} }],
  ["a point that is not on the curve", { ...jwk, y: jwk.x }],
]

const creations: ReadonlyArray<RecordedAnswer> = [
  ...badKeys.map(([description, key]) => ({
    ...{ ...create, name: `rejects ${description} as a key`, releases: built, body: { jwks: { keys: [key] } } },
    status: 400,
  })),
  { ...create, name: "takes null for the list of keys", releases: built, body: { jwks: { keys: null } }, status: 201 },
  {
    ...{ ...create, name: "stores an empty string for a null in a list", releases: built },
    ...{ body: { contacts: [null] }, status: 201, answer: { contacts: [""] } },
  },
  {
    ...{ ...create, name: "rejects a time that is no integer", releases: built },
    ...{ body: { client_secret_expires_at: 1.5 }, status: 400 },
  },
  {
    ...{ ...create, name: "rejects a duration beyond 292 years", releases: built },
    ...{ body: { client_credentials_grant_access_token_lifespan: "9999999999h" }, status: 400 },
  },
  {
    ...{ ...create, name: "replaces a lone surrogate in the id by U+FFFD", releases: v2 },
    ...{ body: '{"client_id":"a\\ud800b"}', status: 201, answer: { client_id: "a\ufffdb" } },
  },
  { ...create, name: "takes a logo_uri without a scheme", releases: v2, body: { logo_uri: "::" }, status: 201 },
  {
    ...create,
    name: "rejects a logo_uri that is no URL",
    releases: ["v26.2.0"],
    body: { logo_uri: "::" },
    status: 400,
  },
  {
    ...{ ...create, name: "rejects a sector_identifier_uri that it cannot fetch", releases: built },
    ...{ body: { sector_identifier_uri: "https://127.0.0.1:1/x" }, status: 400 },
    answer: { error: "invalid_client_metadata" },
  },
]

const lists = ["/admin/clients", "/admin/trust/grants/jwt-bearer/issuers", "/admin/oauth2/auth/sessions/consent"]

const cursors = lists.map((path): RecordedAnswer => {
  const separator = path.endsWith("consent") ? "?subject=u&" : "?"
  return {
    ...{ name: `hangs up on a page token of fewer than 24 bytes for ${path}`, releases: ["v26.2.0"] },
    ...{ method: "GET", path: `${path}${separator}page_token=AAAAAAAA`, status: 0 },
  }
})

const challenges: ReadonlyArray<RecordedAnswer> = [
  {
    ...{ name: "says Not Found of an unknown logout challenge", releases: ["HEAD"] },
    ...{ method: "GET", path: "/admin/oauth2/auth/requests/logout?logout_challenge=nope", status: 404 },
    answer: { error: "Not Found" },
  },
]

export const recorded: ReadonlyArray<RecordedAnswer> = [
  ...removals,
  ...nulls,
  ...keySets,
  ...patches,
  ...creations,
  ...cursors,
  ...challenges,
]
