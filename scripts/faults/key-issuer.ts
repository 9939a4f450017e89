import type { Fault } from "./fault.ts"

const keyIssuer = ["test/jwt/key-issuer.test.ts"]

/** Keys that name the issuer whose tokens they verify. */
export const keyIssuerFaults: ReadonlyArray<Fault> = [
  {
    name: "a key of another tenant verifies a token",
    file: "src/internal/key-issuer.ts",
    find: 'if (typeof named !== "string") return false',
    replace: 'if (typeof named === "string") return true',
    tests: keyIssuer,
  },
  {
    name: "a key with a template for its issuer verifies nothing",
    file: "src/internal/key-issuer.ts",
    find: "if (after === undefined || more.length > 0) return false",
    replace: "if (after === undefined || more.length > -1) return false",
    tests: keyIssuer,
  },
  {
    name: "a template for the issuer of a key spans several parts of a path",
    file: "src/internal/key-issuer.ts",
    find: ' && !part.includes("/")',
    replace: "",
    tests: keyIssuer,
  },
  {
    name: "the issuers that share a key set share every key",
    file: "src/core/jwt/keys.ts",
    find: "keys.filter((key) => isKeyOf(key, issuer)),",
    replace: "keys,",
    tests: keyIssuer,
  },
  {
    name: "the keys of Entra ID verify no tokens of version 1",
    file: "src/core/jwt/issuer-keys.ts",
    find: "keyIssuers?.[issuer] ?? issuer",
    replace: "keyIssuers === undefined ? issuer : issuer",
    tests: keyIssuer,
  },
  {
    name: "a key of another tenant verifies a UserInfo response",
    file: "src/adapters/oidc/http/key-set.ts",
    find: "mayVerify(key) && isKeyOf(key, issuer)",
    replace: "mayVerify(key) && isKeyOf(key, String(key.issuer ?? issuer))",
    tests: ["test/unit/published-keys.test.ts"],
  },
  {
    name: "a key whose issuer is no text verifies tokens of every issuer",
    file: "src/adapters/oidc/http/key-set.ts",
    find: "  issuer: text,\n",
    replace: "",
    tests: keyIssuer,
  },
  {
    name: "an explanation verifies the token of a second tenant with the keys of the first",
    file: "src/core/explain.ts",
    find: "provider.keySets?.get(issuer) ?? fetchKeys",
    replace: 'provider.keySets?.get(issuer === "" ? issuer : "") ?? fetchKeys',
    tests: keyIssuer,
  },
]
