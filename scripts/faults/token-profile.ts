// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source text
import type { Fault } from "./fault.ts"

const environment = "src/adapters/oidc/configuration/environment.ts"
const validate = "src/core/jwt/validate-jwt.ts"
const answers = ["test/token/answers.test.ts"]
const others = ["test/token/other-tokens.test.ts"]
const variables = ["test/token/environment.test.ts"]
const own = ["test/unit/own-adapters.test.ts"]
const provided = ["test/unit/config-provider.test.ts"]

/** The token profile: who answers, which tokens pass, and how it is configured, also for adapters of one's own. */
export const tokenProfileFaults: ReadonlyArray<Fault> = [
  {
    name: "the members of token have no variables of their own",
    file: "src/environment.ts",
    find: "add([member, inner], each, isSecret)",
    replace: "if (isSecret) add([member, inner], each, true)",
    tests: variables,
  },
  {
    name: "rules in a variable that also takes a word stay text",
    file: environment,
    find: "(isWords(schema) ? /^\\s*[[{]/ :",
    replace: "(false ? /^\\s*[[{]/ :",
    tests: variables,
  },
  {
    name: "a definition whose signatures answer needs no audience",
    file: "src/adapters/oidc/define.ts",
    find: 'server.token?.answers === "signature" ? missingAudience(first) : []',
    replace: "[]",
    tests: answers,
  },
  {
    name: "the server is asked although the signature is the only answer",
    file: "src/core/jwt/freshness.ts",
    find: 'if (answers === "signature") return "sign"',
    replace: "",
    tests: answers,
  },
  {
    name: "an opaque token is sent although the signature is the only answer",
    file: validate,
    find: 'return mode === "sign" ? reject(context, "format") : (call ?? live(token, asked(options)))',
    replace: "return call ?? live(token, asked(options))",
    tests: answers,
  },
  {
    name: "a missing key set is an unsupported operation where the signature is the only answer",
    file: validate,
    find: 'if (mode === "sign" && hasNoKeySet)',
    replace: "if (hasNoKeySet && hasNoKeySet === undefined)",
    tests: answers,
  },
  {
    name: "explain asks the server although the signature is the only answer",
    file: "src/core/explain.ts",
    find: 'provider.jwt?.answers === "signature" ? unasked :',
    replace: "",
    tests: answers,
  },
  {
    name: "explain finds an opaque token active where the signature is the only answer",
    file: "src/core/explain.ts",
    find: 'jwt?.answers === "signature" ? [noJwt] : []',
    replace: "[]",
    tests: answers,
  },
  {
    name: "explain leaves a token without keys to a server that is not asked",
    file: "src/core/jwt/explain-signature.ts",
    find: 'answers === "signature"\n          ? keyCheck(false',
    replace: 'answers === "introspection"\n          ? keyCheck(false',
    tests: answers,
  },
  {
    name: "the error of a missing introspection endpoint does not name token.answers",
    file: "src/adapters/oidc/engine/make-engine.ts",
    find: '\'configure "token.answers": "signature", with "audience"',
    replace: "'configure it",
    tests: answers,
  },
  {
    name: "forged tokens are sent to the server where no audience is configured",
    file: validate,
    find: 'if ("failed" in result) return reject(context, result.failed)',
    replace: 'if ("failed" in result) return jwt.audience === undefined ? ask() : reject(context, result.failed)',
    tests: answers,
  },
  {
    name: "prefer-local is rejected where the server is asked",
    file: "src/adapters/oidc/arguments/check-arguments.ts",
    find: 'z.enum(["local", "prefer-local", "live"]',
    replace: 'z.enum(["local", "live"]',
    tests: answers,
  },
  {
    name: "answers are not cached with prefer-local where no signature is verified",
    file: "src/core/jwt/freshness.ts",
    find: 'freshness === "prefer-local" && jwt?.audience !== undefined && isJwt(token)',
    replace: 'freshness === "prefer-local" && isJwt(token)',
    tests: answers,
  },
  {
    name: "a definition that needs signatures may lack metadata.keys",
    file: "src/adapters/oidc/assemble.ts",
    find: 'if (provider.jwt !== undefined && !provider.can.has("metadata.keys"))',
    replace: "if (provider.jwt !== undefined && provider.can.size < 0)",
    tests: answers,
  },
  {
    name: "the kind that was asked for is not the kind with hint",
    file: "src/internal/token-kind.ts",
    find: 'if (kind === "hint") return contradicted(subject) ?? expect',
    replace: 'if (kind === "hint") return contradicted(subject) ?? "access_token"',
    tests: answers,
  },
  {
    name: "the hash of an access token does not tell an ID token",
    file: "src/internal/token-kind.ts",
    find: 'isText(members.at_hash) || isText(members.c_hash) ? "other" : undefined',
    replace: "undefined",
    tests: others,
  },
  {
    name: "a JWT that names another kind passes local validation",
    file: "src/core/jwt/claims.ts",
    find: 'if (isOtherKind(claims, header)) return "format"',
    replace: "",
    tests: others,
  },
  {
    name: "a server that names the kind is not believed with access_only",
    file: "src/internal/token-kind.ts",
    find: 'if (kind === "access_only") return contradicted(subject) ?? "access_token"',
    replace: 'if (kind === "access_only") return "access_token"',
    tests: others,
  },
  {
    name: "the key of one tenant signs the tokens of another one",
    file: "src/core/jwt/issuer-keys.ts",
    find: "return (issuer) => byIssuer.get(issuer) ?? first",
    replace: "return (issuer) => (issuer === undefined ? byIssuer.get(issuer) : undefined) ?? first",
    tests: others,
  },
  {
    name: "an issuer is compared without the slash at its end",
    file: "src/core/jwt/claims.ts",
    find: "!profile.issuers.includes(iss)",
    replace: '!profile.issuers.some((each) => each.replace(/\\/$/, "") === iss.replace(/\\/$/, ""))',
    tests: others,
  },
  {
    name: "an adapter of one's own takes the place of one of latchkey's",
    file: "src/config.ts",
    find: "if (Object.hasOwn(adapters, id)) return",
    replace: "if (id === undefined) return",
    tests: own,
  },
  {
    name: "the second of two adapters with one id is used",
    file: "src/config.ts",
    find: "return all.has(id) ?",
    replace: "return all.has(undefined) ?",
    tests: own,
  },
  {
    name: "the environment does not know the adapters of one's own",
    file: "src/config.ts",
    find: "find(env[providerVariable], providerVariable, own)",
    replace: "find(env[providerVariable], providerVariable)",
    tests: own,
  },
  {
    name: "what a ConfigProvider lists besides is ignored",
    file: "src/config-provider.ts",
    find: "return { ...(yield* listed(source, [], prefix)), ...env }",
    replace: "return env",
    tests: provided,
  },
  {
    name: "a ConfigProvider with a fallback is read from its list alone",
    file: "src/config-provider.ts",
    find: "if (value !== undefined) env[variable] = value",
    replace: "",
    tests: provided,
  },
  {
    name: "an error of a ConfigProvider repeats the source's words",
    file: "src/config-provider.ts",
    find: 'source.load(path), () => {\n    const message = "the ConfigProvider failed to read it"\n',
    replace: "source.load(path), ({ message }) => {\n",
    tests: provided,
  },
]
