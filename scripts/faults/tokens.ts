// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source text
import type { Fault } from "./fault.ts"

const tokens = "src/adapters/oidc/operations/token-endpoint.ts"
const device = "src/adapters/oidc/operations/device-authorization.ts"
const userInfo = "src/adapters/oidc/operations/userinfo.ts"
const auth = "src/adapters/oidc/http/client-authentication.ts"

/** Token responses, device authorization, UserInfo and client authentication. */
export const tokenFaults: ReadonlyArray<Fault> = [
  {
    name: "the refresh token is lost when a refresh response has none",
    file: tokens,
    find: "response.refresh_token ?? requested.refreshToken",
    replace: "response.refresh_token",
    tests: ["test/unit/tokens.test.ts"],
  },
  {
    name: "expires_in is read as milliseconds",
    file: "src/adapters/oidc/operations/expiry.ts",
    find: "new Date(now + seconds * 1000)",
    replace: "new Date(now + seconds)",
    tests: ["test/unit/tokens.test.ts"],
  },
  {
    name: "a response without scope is read as no scopes instead of the requested ones",
    file: tokens,
    find: "? [] : requested\n",
    replace: "? [] : []\n",
    tests: ["test/unit/tokens.test.ts"],
  },
  {
    name: "the interval of a device authorization is ignored",
    file: device,
    find: "Math.max(interval, after) * 1000\n",
    replace: "Math.max(1, after) * 1000\n",
    tests: ["test/unit/poll-device.test.ts"],
  },
  {
    name: "slow_down does not change the polling interval",
    file: device,
    find: "return reason.slowDown ? slower : { interval }",
    replace: "return { interval }",
    tests: ["test/unit/poll-device.test.ts"],
  },
  {
    name: "polling continues after the device code has expired",
    file: device,
    find: "if (left <= 0)",
    replace: "if (left <= -86_400_000)",
    tests: ["test/unit/poll-device.test.ts"],
  },
  {
    name: "the signature of a signed UserInfo response is not checked",
    file: userInfo,
    find: "client.enableNonRepudiationChecks(config)",
    replace: "",
    tests: ["test/unit/published-keys.test.ts"],
  },
  {
    name: "UserInfo of an unexpected subject is accepted",
    file: userInfo,
    find: "if (expectedSubject !== undefined && subject !== expectedSubject)",
    replace: "if (expectedSubject === subject && subject !== expectedSubject)",
    tests: ["test/contract/oidc.test.ts"],
  },
  {
    name: "the parts of Basic credentials are not form-encoded",
    file: auth,
    find: "${formEncoded(client_id)}:${formEncoded(secret)}",
    replace: "${client_id}:${secret}",
    tests: ["test/contract/ory-emulator.test.ts"],
  },
  {
    name: "client_secret_post sends a Basic header",
    file: auth,
    find: 'server.clientAuth === "client_secret_post" ? secretInBody(secret) : ',
    replace: "",
    tests: ["test/unit/tokens.test.ts"],
  },
  {
    name: "the jti of a client assertion is reused",
    file: auth,
    find: "payload.aud = audience\n",
    replace: 'payload.aud = audience\n          payload.jti = "the-same-each-time"\n',
    tests: ["test/bad-days/private-key-jwt.test.ts"],
  },
  {
    name: "an introspection repeats the previous client assertion",
    file: auth,
    find: "return () => credentialsOf(config, server, auth)\n}",
    replace: [
      "let signed: Credentials | undefined",
      "  return () => signed === undefined",
      "    ? Effect.tap(credentialsOf(config, server, auth), (fresh) => Effect.sync(() => (signed = fresh)))",
      "    : Effect.succeed(signed)",
      "}",
    ].join("\n"),
    tests: ["test/bad-days/private-key-jwt.test.ts"],
  },
  {
    name: "the API key is sent to the token endpoint",
    file: auth,
    find: "  if (clientSecret === undefined) return clientIdOnly\n",
    replace: [
      '  if (typeof server.introspectionAuth === "object") {',
      "    const key = Redacted.value(server.introspectionAuth)",
      '    return (_as, _client, _body, headers) => headers.set("authorization", `Bearer ${key}`)',
      "  }",
      "  if (clientSecret === undefined) return clientIdOnly",
      "",
    ].join("\n"),
    tests: ["test/unit/ory-clients.test.ts", "test/fidelity/ory-network.test.ts"],
  },
  {
    name: "the client's secret is sent to Ory's admin API",
    file: "src/adapters/ory/server.ts",
    find: 'introspectionAuth: config.apiKey ?? "none",',
    replace: "...(config.apiKey !== undefined && { introspectionAuth: config.apiKey }),",
    tests: ["test/unit/ory-admin.test.ts"],
  },
]
