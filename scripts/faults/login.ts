import type { Fault } from "./fault.ts"

const file = "src/adapters/oidc/operations/authorization-code.ts"
const callback = ["test/bad-days/callback.test.ts"]
const authorize = ["test/unit/authorize.test.ts"]
const exchange = ["test/unit/exchange.test.ts"]

/** The authorization request and the callback. */
export const login: ReadonlyArray<Fault> = [
  {
    name: "the state of the callback is not compared",
    file: "src/adapters/oidc/operations/callback.ts",
    find: 'if (single("state") !== state) return failed("state")',
    replace: "",
    tests: callback,
  },
  {
    name: "the first value of a repeated callback parameter is used",
    file: "src/adapters/oidc/operations/callback.ts",
    find: "all(name).length === 1 ?",
    replace: "all(name).length >= 1 ?",
    tests: callback,
  },
  {
    name: "the error of a callback is reported before its state is compared",
    file: "src/adapters/oidc/operations/callback.ts",
    find: "  if (provider !== engine.id) return",
    replace:
      '  if (searchParams.has("error")) return callbackError(single("error") ?? "", undefined)\n  if (provider !== engine.id) return',
    tests: callback,
  },
  {
    name: "the iss of the callback is not compared",
    file: "src/adapters/oidc/operations/callback.ts",
    find: 'if (searchParams.has("iss") && !isIssuer(engine.server, single("iss")))',
    replace: 'if (searchParams.has("iss") && single("iss") === "\\n")',
    tests: callback,
  },
  {
    name: "a transaction of another issuer is accepted",
    file: "src/adapters/oidc/operations/callback.ts",
    find: "if (issuer !== engine.server.issuer)",
    replace: 'if (issuer === "")',
    tests: callback,
  },
  {
    name: "a callback at another redirect URI is accepted",
    file: "src/adapters/oidc/operations/callback.ts",
    find: "if (!sameTarget(callback, target))",
    replace: "if (!sameTarget(target, target))",
    tests: callback,
  },
  {
    name: "every login has the same state",
    file,
    find: "client.randomState()",
    replace: '"a-state-that-is-43-characters-long-and-known"',
    tests: authorize,
  },
  {
    name: "every login has the same nonce",
    file,
    find: "client.randomNonce()",
    replace: '"a-nonce-that-is-43-characters-long-and-known"',
    tests: authorize,
  },
  {
    name: "the nonce is not sent and not compared",
    file,
    find: "expectedNonce: transaction.nonce, ",
    replace: "",
    also: [{ file, find: "      nonce: transaction.nonce,\n", replace: "" }],
    tests: authorize,
  },
  {
    name: "the nonce of the ID token is compared with itself",
    file,
    find: "...(isOpenid && { expectedNonce: transaction.nonce, idTokenExpected: true }),",
    replace:
      'idTokenExpected: isOpenid, get expectedNonce() { return isOpenid ? Reflect.get(globalThis, "nonce") : undefined },',
    also: [
      {
        file: "src/adapters/oidc/http/openid-client-call.ts",
        find: "    return fetchResponse(isMain ? withoutAbsentMembers(response) : verifyingKeys(response, engine.server.issuer))\n",
        replace: [
          '    const payload = /"id_token":"[^.]+\\.([^.]+)/.exec(response.body)?.[1]',
          '    const claims = payload === undefined ? {} : JSON.parse(Buffer.from(payload, "base64url").toString())',
          '    Reflect.set(globalThis, "nonce", claims.nonce)',
          "    return fetchResponse(isMain ? withoutAbsentMembers(response) : verifyingKeys(response, engine.server.issuer))",
          "",
        ].join("\n"),
      },
    ],
    tests: ["test/contract/kinde.test.ts"],
  },
  {
    name: "the PKCE verifier is not sent with the code",
    file,
    find: "          pkceCodeVerifier: transaction.verifier,\n",
    replace: "",
    tests: exchange,
  },
  {
    name: "PKCE uses the plain method",
    file,
    find: "code_challenge: yield* Effect.promise(() => client.calculatePKCECodeChallenge(verifier)),",
    replace: "code_challenge: verifier,",
    also: [{ file, find: 'code_challenge_method: "S256"', replace: 'code_challenge_method: "plain"' }],
    tests: authorize,
  },
  {
    name: "every login has the same PKCE verifier",
    file,
    find: "client.randomPKCECodeVerifier()",
    replace: '"a-verifier-that-is-43-characters-long-and-known"',
    tests: authorize,
  },
  {
    name: "the redirect URI of the exchange comes from the callback",
    file,
    find: 'form: (form) => form.set("redirect_uri", transaction.redirectUri),',
    replace: "",
    tests: exchange,
  },
  {
    name: "an undocumented parameter is sent to the authorization endpoint",
    file,
    find: "!server.extra?.includes(name)",
    replace: 'name === ""',
    tests: authorize,
  },
  {
    name: "offline access is requested without the required prompt",
    file,
    find: "(request.offline === true ? server.offline?.prompt : undefined)",
    replace: "undefined",
    tests: authorize,
  },
]
