import type { Edit, Fault } from "./fault.ts"

const adapter = "src/adapters/keycloak/index.ts"
const claims = "src/core/jwt/claims.ts"
const validation = "src/core/jwt/validate-jwt.ts"

const data = ["test/token/presets.test.ts"]
const unit = ["test/unit/keycloak.test.ts"]
const absentAudience = ["test/jwt/absent-audience.test.ts"]

const planted =
  (tests: Fault["tests"], file: string) =>
  (name: string, find: string, replace: string, also: ReadonlyArray<Edit> = []): Fault => ({
    ...{ name, file, find, replace, tests },
    ...(also.length > 0 && { also }),
  })

const datum = planted(data, adapter)
const request = planted(unit, adapter)
const configured = planted(unit, "src/adapters/keycloak/config.ts")

/** One fault for each datum of the adapter for Keycloak, and for the rule about a JWT without an audience. */
export const keycloakFaults: ReadonlyArray<Fault> = [
  datum("a JWT of Keycloak is accepted without its signature", '"introspection_or_signature"', '"introspection"'),
  datum(
    "Keycloak's ID tokens pass as access tokens",
    'const accessTypes = ["Bearer", "DPoP"]',
    'const accessTypes = ["Bearer", "DPoP", "ID"]',
    [{ file: "src/internal/token-kind.ts", find: '  ID: "other",\n', replace: "" }],
  ),
  datum(
    "Keycloak's DPoP tokens are inactive",
    'const accessTypes = ["Bearer", "DPoP"]',
    'const accessTypes = ["Bearer"]',
  ),
  datum("Keycloak's offline tokens are no refresh tokens", '["Refresh", "Offline"]', '["Refresh"]'),
  datum(
    "Keycloak's refresh tokens pass as access tokens",
    '"Offline"], use: "refresh_token"',
    '"Offline"], use: "access_token"',
  ),
  datum("a token of Keycloak of a kind that is not known is an error", '      { in: "token", use: "other" },\n', ""),
  datum("Keycloak's access tokens in the format of RFC 9068 are inactive", '["jwt", "at+jwt"]', '["jwt"]'),
  datum("a JWT of Keycloak may be of any type", ', access: [{ name: "typ", is: accessTypes }]', ""),
  datum("a user's token of Keycloak must have client_id", 'client: ["azp"]', 'client: ["client_id"]'),
  datum("Keycloak's lightweight tokens are inactive", "    audienceUnsaid: true,\n", ""),
  datum(
    "Keycloak's service accounts are not told from users",
    '    machine: [{ in: "claims", name: "client_id" }],\n',
    "",
  ),
  request(
    "every token of Keycloak is a service account's",
    'machine: [{ in: "claims", name: "client_id" }]',
    'machine: [{ name: "azp" }]',
  ),
  request(
    "a user called service-account-... is a service account at Keycloak",
    'machine: [{ in: "claims", name: "client_id" }]',
    'machine: [{ name: "client_id" }, { name: "preferred_username", starts: "service-account-" }]',
  ),
  configured("any URL is the issuer of a realm of Keycloak", "baseUrl.regex(/\\/realms\\/[^/]+$/, realm)", "baseUrl"),
  ...(
    [
      ["authorization", "auth"],
      ["token", "token"],
      ["introspection", "token/introspect"],
      ["revocation", "revoke"],
      ["userinfo", "userinfo"],
      ["device authorization", "auth/device"],
      ["logout", "logout"],
      ["keys", "certs"],
    ] as const
  ).map(([name, end]) =>
    configured(`the ${name} endpoint of Keycloak has a wrong path`, `{path}/${end}\``, `{path}/wrong\``),
  ),
  request(
    "offline access of Keycloak shows a consent page",
    '{ scope: "offline_access" }',
    '{ scope: "offline_access", prompt: "consent" }',
  ),
  request("offline access of Keycloak is not requested", '  offline: { scope: "offline_access" },\n', ""),
  request(
    "a client of Keycloak without a service account has a wrong secret",
    '    { code: "unauthorized_client", contains: "service account", reason: "InvalidRequest" },\n',
    "",
  ),
  request(
    "a user without offline access at Keycloak is a wrong request",
    '    { code: "not_allowed", reason: "AccessDenied" },\n',
    "",
  ),
  request(
    "a public client that introspects at Keycloak is denied access",
    '    { status: 403, contains: "Client not allowed", operations: ["introspect"], reason: "InvalidClient" },\n',
    "",
  ),
  request(
    "a disabled realm of Keycloak is a wrong client",
    'status: 403, contains: "Client not allowed", operations',
    "status: 403, operations",
  ),
  request(
    "another client's token at Keycloak is a wrong request",
    '    { contains: "Unmatching clients", operations: ["revoke"], reason: "AccessDenied" },\n',
    "",
  ),
  request(
    "Keycloak gets the actor token of a token exchange, which it ignores",
    '    "exchangeToken.actorToken": "none: Keycloak has no delegation",\n',
    "",
  ),
  request(
    "Keycloak gets the resource of a token exchange, which it ignores",
    '    "exchangeToken.resource": "audience, with the ids of clients",\n',
    "",
  ),
  request(
    "an unknown audience of a token exchange at Keycloak is a wrong secret",
    '    { code: "invalid_client", contains: "Audience not found", operations: ["exchangeToken"], reason: "InvalidRequest" },\n',
    "",
  ),
  request("the alternative to clients.* of Keycloak is missing", '      "clients.*": adminApi,\n', ""),
  planted(absentAudience, claims)(
    "a JWT without an audience is introspected for every server",
    "if (audience.length === 0) return audienceUnsaid",
    "if (audience.length === 0) return true",
  ),
  planted(absentAudience, validation)(
    "a JWT without an audience is accepted, although the response has none either",
    "AudienceIsSigned, isSigned)",
    "AudienceIsSigned, jwt.audience !== undefined)",
  ),
  planted(absentAudience, validation)(
    "a JWT without an audience is active by its signature alone",
    'if (mode === "local" && !isSigned) return',
    'if (mode === "local" && !isSigned && jwt.audience === undefined) return',
    [
      {
        file: validation,
        find: "if (!isAccessToken || !isAudienceSigned(identification.audience, jwt)) return",
        replace: "if (!isAccessToken) return",
      },
    ],
  ),
  planted(absentAudience, validation)(
    "a call that prefers the signature requires it where the server must be asked",
    "const ask = () => call ?? live(token, asked(options))",
    'const ask = () => call ?? live(token, { ...options, freshness: "local" })',
  ),
  request(
    "a session that Keycloak cannot load seems a wrong request",
    '    { contains: "Failed to introspect token", operations: ["introspect"], reason: "Unavailable" },\n',
    "",
  ),
  request(
    "a client that Keycloak cannot load seems wrong",
    '    { contains: "Unexpected error when authenticating client", reason: "Unavailable" },\n',
    "",
  ),
  request("an inactive answer of a broken Keycloak is cached", "  traits: { inactiveWhenBroken: true },\n", ""),
]
