import type { Fault } from "./fault.ts"

const tokens = ["test/token/presets.test.ts"]
const requests = ["test/token/preset-requests.test.ts"]
const contract = ["test/contract/presets.test.ts"]
const auth0 = "src/adapters/auth0/index.ts"
const cognito = "src/adapters/cognito/index.ts"
const entra = "src/adapters/entra/index.ts"
const logto = "src/adapters/logto/index.ts"
const okta = "src/adapters/okta/index.ts"
const preset = "src/adapters/oidc/preset.ts"
const zitadel = "src/adapters/zitadel/index.ts"

/** Presets, the entries that load one vendor, and refresh tokens without an audience. */
export const presetFaults: ReadonlyArray<Fault> = [
  {
    name: "a machine of Auth0 counts as a user",
    file: auth0,
    find: '      machine: [{ name: "sub", ends: "@clients" }],\n',
    replace: "",
    tests: tokens,
  },
  {
    name: "an issuer of Auth0 without its slash is accepted",
    file: auth0,
    find: 'baseUrl.regex(/\\/$/, "expected a slash at the end, as in `iss`")',
    replace: "baseUrl",
    tests: ["test/token/preset-configurations.test.ts"],
  },
  {
    name: "an ID token of Cognito counts as an access token",
    file: cognito,
    find: ', access: [{ name: "token_use", is: "access" }]',
    replace: "",
    tests: tokens,
  },
  {
    name: "the logout of Cognito has the standard parameter",
    file: cognito,
    find: 'returnTo: "logout_uri"',
    replace: 'returnTo: "post_logout_redirect_uri"',
    tests: requests,
  },
  {
    name: "Entra ID accepts the tenants common and organizations",
    file: "src/adapters/entra/config.ts",
    find: "  .guid(",
    replace: "  .string(",
    tests: ["test/token/preset-configurations.test.ts"],
  },
  {
    name: "tokens of Entra ID's other versions and tenants are rejected",
    file: entra,
    find: "        issuers,\n",
    replace: "",
    tests: tokens,
  },
  {
    name: "all tenants have the keys of the first one",
    file: preset,
    find: "jwksUri: fill(templates.jwksUri, tenant)",
    replace: 'jwksUri: fill(templates.jwksUri, tenants[0] ?? "")',
    tests: ["test/token/preset-configurations.test.ts"],
  },
  {
    name: "the revocation of a JWT is sent to Logto, which keeps it valid",
    file: logto,
    find: '    revokes: "opaque",\n',
    replace: "",
    tests: requests,
  },
  {
    name: "a refresh token of Okta counts as an access token",
    file: okta,
    find: '{ name: "jti", absent: true, use: "refresh_token" }',
    replace: '{ name: "jti", absent: true, use: "access_token" }',
    tests: [...tokens, ...contract],
  },
  {
    name: "the org server of Okta is accepted",
    file: okta,
    find: "baseUrl.regex(/\\/oauth2\\/[^/]+$/, custom)",
    replace: "baseUrl",
    tests: ["test/token/preset-configurations.test.ts"],
  },
  {
    name: "an outage of Zitadel's database counts as an inactive token",
    file: zitadel,
    find: "traits: { inactiveWhenBroken: true }",
    replace: "traits: {}",
    tests: requests,
  },
  {
    name: "a preset does not require an audience",
    file: preset,
    find: "  check: missingAudience,\n",
    replace: "",
    also: [
      {
        file: preset,
        find: "import { clientAuthOf, missingAudience, withoutTrailingSlash }",
        replace: "import { clientAuthOf, withoutTrailingSlash }",
      },
    ],
    tests: ["test/token/preset-configurations.test.ts"],
  },
  {
    name: "a preset ignores its vendor's client authentication",
    file: preset,
    find: "clientAuthOf(config, clientAuth)",
    replace: "clientAuthOf(config)",
    tests: requests,
  },
  {
    name: "the metadata of an issuer with a slash has two slashes in its address",
    file: preset,
    find: "withoutTrailingSlash(values.issuer)",
    replace: "values.issuer",
    also: [
      {
        file: preset,
        find: "import { clientAuthOf, missingAudience, withoutTrailingSlash }",
        replace: "import { clientAuthOf, missingAudience }",
      },
    ],
    tests: contract,
  },
  {
    name: "a refresh token without an audience is inactive where one is expected",
    file: "src/adapters/oidc/operations/introspection-response.ts",
    find: " || isForServer(server, token.audience, use)",
    replace: "",
    tests: [...tokens, ...contract],
  },
  {
    name: "a refresh token for another server passes a configured audience",
    file: "src/adapters/oidc/operations/introspection-response.ts",
    find: "audience.every((each) => isTokenIssuer(server, each))",
    replace: "audience.every(() => server !== undefined)",
    tests: ["test/token/preset-configurations.test.ts"],
  },
  {
    name: "an access token without an audience passes a configured audience",
    file: "src/adapters/oidc/operations/introspection-response.ts",
    find: 'use === "refresh_token" && audience.every',
    replace: "use !== undefined && audience.every",
    tests: ["test/unit/token-state.test.ts"],
  },
  {
    name: "the explanation of a refresh token asks for an audience",
    file: "src/adapters/oidc/operations/explain-response.ts",
    find: "        isForServer(server, audience, use) ||\n",
    replace: "",
    tests: [
      "test/explain/agreement.test.ts",
      "test/explain/explain.test.ts",
      "test/token/preset-configurations.test.ts",
    ],
  },
  {
    name: "the entry for one vendor loads every vendor",
    file: "src/core.ts",
    find: 'export * from "./exports.ts"',
    replace: 'export { fromConfig } from "./config.ts"\nexport * from "./exports.ts"',
    tests: ["test/source-rules.test.ts"],
  },
  {
    name: "a bundle of the Effect API has every vendor",
    file: "src/effect.ts",
    find: 'extends /* @__PURE__ */ service("latchkey/Auth")',
    replace: 'extends service("latchkey/Auth")',
    tests: ["test/bundles.test.ts"],
  },
  {
    name: "the emulator of a vendor issues tokens for the API of another login",
    file: "packages/testing/src/emulator/vendor/front.ts",
    find: "profile.audienceIn(form) ?? audiences.of(form)",
    replace: "profile.audienceIn(form)",
    tests: ["test/emulator/vendor.test.ts"],
  },
  {
    name: "UserInfo of Entra ID in another cloud has no place in the configuration",
    file: "src/adapters/entra/config.ts",
    find: "origins: [graph],",
    replace: 'origins: [graph && "https://graph.microsoft.com"],',
    tests: ["test/token/entra-clouds.test.ts"],
  },
  {
    name: "the refusal of another Microsoft Graph names a setting that Entra ID lacks",
    file: "src/adapters/oidc/operations/discovery.ts",
    find: "server.originAdvice ?? usualAdvice",
    replace: "usualAdvice",
    tests: ["test/token/entra-clouds.test.ts"],
  },
]
