// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source text
import type { Fault } from "./fault.ts"

const tokens = ["test/token/presets.test.ts"]
const requests = ["test/token/preset-requests.test.ts"]

type Edited = readonly [name: string, find: string, replace: string]

const planted =
  (vendor: string, file: string, tests: ReadonlyArray<string>) =>
  ([name, find, replace]: Edited): Fault => ({ name: `${vendor}: ${name}`, file, find, replace, tests })

/** One fault for each entry of a list: without it. */
const entries = (what: string, before: string, list: ReadonlyArray<string>, after = ""): ReadonlyArray<Edited> =>
  list.map((entry) => [
    `${entry} is no ${what}`,
    before + textOf(list) + after,
    before + textOf(list.filter((each) => each !== entry)) + after,
  ])

const textOf = (list: ReadonlyArray<string>): string => `[${list.map((each) => JSON.stringify(each)).join(", ")}]`

const noOffline: Edited = ["offline access is not requested", '    offline: { scope: "offline_access" },\n', ""]
const usersUnknown: Edited = ["a subject is not known to be a user", '      subjects: "users",\n', ""]
const asked: Edited = ["the server is asked, although it cannot tell", '      answers: "signature",\n', ""]
const unsigned: Edited = ["no signature is verified", '      answers: "introspection_or_signature",\n', ""]

interface Vendor {
  readonly id: string
  readonly name: string
  readonly tokens: ReadonlyArray<Edited>
  readonly requests: ReadonlyArray<Edited>
}

const auth0: Vendor = {
  id: "auth0",
  name: "Auth0",
  tokens: [
    asked,
    usersUnknown,
    ...entries("algorithm", "algorithms: ", ["RS256", "PS256"]),
    ...entries("type", "types: ", ["jwt", "at+jwt"]),
    ...entries("client id", "client: ", ["azp", "client_id"]),
    ...entries("list of scopes", "scopes: ", ["scope", "permissions"]),
  ],
  requests: [
    noOffline,
    ["the logout has no address", "    endpoints: { endSessionEndpoint: `${issuer}oidc/logout` },\n", ""],
    ["the client authenticates by header", '    clientAuth: "client_secret_post",\n', ""],
    ["an API is named in another parameter", 'audienceParameter: "audience"', 'audienceParameter: "resource"'],
    ["the revocation of a JWT is sent", '    revokes: "refresh_token",\n', ""],
  ],
}

const cognito: Vendor = {
  id: "cognito",
  name: "Cognito",
  tokens: [
    asked,
    [
      "the newer issuer is unknown",
      "      issuers: [{ issuer: newerForm(issuer), jwksUri: `${newerForm(issuer)}/.well-known/jwks.json` }],\n",
      "",
    ],
    ["the newer issuer has the keys of the older one", ", jwksUri: `${newerForm(issuer)}/.well-known/jwks.json`", ""],
    ["any algorithm is accepted", 'algorithms: ["RS256"], ', ""],
    ["a token with a type is accepted", ' types: [""],', ""],
    ["a token of another word for its kind is accepted", ', is: "access"', ""],
    ...entries("audience", "audience: ", ["aud", "client_id"]),
  ],
  requests: [
    ["the logout has no address", "    endpoints: { endSessionEndpoint: `${domain}/logout` },\n", ""],
    ["endpoints on the domain are rejected", "    origins: [domain],\n", ""],
    ["the revocation of a JWT is sent", '    revokes: "refresh_token",\n', ""],
    ["the logout sends the ID token", "    ignoresIdTokenHint: true,\n", ""],
    [
      "the state of a logout is sent",
      '    unsupportedArguments: { "session.end.state": "put the state into returnTo" },\n',
      "",
    ],
  ],
}

const deeper = (edits: ReadonlyArray<Edited>): ReadonlyArray<Edited> =>
  edits.map(([name, find, replace]) => [name, find.replace(/^ {4}/, "      "), replace])

const entra: Vendor = {
  id: "entra",
  name: "Entra ID",
  tokens: [
    ...deeper([asked, usersUnknown]),
    ["any algorithm is accepted", 'algorithms: ["RS256"], ', ""],
    ["any type is accepted", ', types: ["jwt"]', ""],
    ...entries("client id", "client: ", ["azp", "appid"]),
    ...entries("list of scopes", "scopes: ", ["scp", "roles"]),
    ["idtyp does not tell a machine", '          { name: "idtyp", is: "app" },\n', ""],
    ["every token with idtyp is a machine's", '{ name: "idtyp", is: "app" }', '{ name: "idtyp" }'],
    ["a token without scp is a user's", '          { name: "scp", absent: true },\n', ""],
  ],
  requests: [
    ...deeper([noOffline]),
    ["the client authenticates by header", '      clientAuth: "client_secret_post",\n', ""],
    ["an API is named without /.default", "{audience}/.default", "{audience}"],
    ["endpoints on Microsoft Graph are rejected", "      ...graphOf(configured),\n", ""],
  ],
}

const logto: Vendor = {
  id: "logto",
  name: "Logto",
  tokens: [
    asked,
    ...entries("algorithm", "algorithms: ", ["ES384", "RS256"]),
    ["any type is accepted", ', types: ["at+jwt"]', ""],
  ],
  requests: [
    ["an API is named in another parameter", 'audienceParameter: "resource"', 'audienceParameter: "audience"'],
    ["offline access is not requested", 'scope: "offline_access", ', ""],
    ["offline access needs no consent", ', prompt: "consent"', ""],
  ],
}

const okta: Vendor = {
  id: "okta",
  name: "Okta",
  tokens: [
    unsigned,
    usersUnknown,
    ["an opaque access token is of another kind", '        { name: "jti", starts: "AT.", use: "access_token" },\n', ""],
    ["every response with jti is of an access token", '{ name: "jti", starts: "AT.", use', '{ name: "jti", use'],
    ["a refresh token is of another kind", '        { name: "jti", absent: true, use: "refresh_token" },\n', ""],
    ["a token of another kind is an error", '        { in: "token", use: "other" },\n', ""],
    ["any algorithm is accepted", 'algorithms: ["RS256"], ', ""],
    ["a token with a type is accepted", ' types: [""],', ""],
    ["a JWT of another kind is accepted", ', access: [{ name: "jti", starts: "AT." }]', ""],
    ...entries("client id", "client: ", ["cid", "client_id"]),
    ...entries("list of scopes", "scopes: ", ["scp", "scope"]),
    ["a token without uid is a user's", '      machine: [{ in: "claims", name: "uid", absent: true }],\n', ""],
    ["a response without uid is a machine's", '{ in: "claims", name: "uid"', '{ name: "uid"'],
  ],
  requests: [noOffline],
}

const zitadel: Vendor = {
  id: "zitadel",
  name: "Zitadel",
  tokens: [
    unsigned,
    ["the kind of a token is not known", '      kind: "access_only",\n', ""],
    ["any algorithm is accepted", 'algorithms: ["RS256"], ', ""],
    ["any type is accepted", ' types: ["jwt"],', ""],
    ["an ID token is accepted", ', access: [{ name: "jti" }]', ""],
    ...entries("client id", "client: ", ["client_id", "azp"]),
    ["a JWT without a client id is rejected", "      clientUnsaid: true,\n", ""],
    [
      "a service user is a person",
      "      clientUnsaid: true,\n",
      '      clientUnsaid: true,\n      subjects: "users",\n',
    ],
  ],
  requests: [
    noOffline,
    ["an API is named by its id alone", "urn:zitadel:iam:org:project:id:{audience}:aud", "{audience}"],
  ],
}

const configurations = ["test/token/preset-configurations.test.ts"]

/** Each value of the presets, taken out or changed. */
export const presetDataFaults: ReadonlyArray<Fault> = [
  ...[auth0, cognito, entra, logto, okta, zitadel].flatMap(({ id, name, ...edits }) => [
    ...edits.tokens.map(planted(name, `src/adapters/${id}/index.ts`, tokens)),
    ...edits.requests.map(planted(name, `src/adapters/${id}/index.ts`, requests)),
  ]),
  ...(
    [
      ["zitadel", "Zitadel", "an audience is required", "  check: () => [],\n"],
      ["entra", "Entra ID", "nothing is said instead of a revocation", "  instead,\n"],
    ] as const
  ).map(([id, vendor, name, find]) => planted(vendor, `src/adapters/${id}/index.ts`, configurations)([name, find, ""])),
  {
    name: "Zitadel: an issuer with a slash is accepted",
    file: "src/adapters/zitadel/index.ts",
    find: "issuer: plainIssuer",
    replace: "issuer: settings.clientId",
    tests: configurations,
  },
]
