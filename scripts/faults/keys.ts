import type { Fault } from "./fault.ts"

const keys = "src/core/jwt/keys.ts"
const imported = "src/core/jwt/imported-keys.ts"
const refreshAhead = "src/internal/refresh-ahead.ts"
const jwa = "src/internal/jwa.ts"
const node = "src/adapters/signature/node.ts"
const webcrypto = "src/adapters/signature/webcrypto.ts"
const choice = ["test/jwt/key-choice.test.ts"]
const outage = ["test/jwt/keys-outage.test.ts"]
const requests = ["test/jwt/key-set-requests.test.ts"]
const onNode = ["test/jwt/node-verdicts.test.ts"]
const webCrypto = ["test/jwt/webcrypto-verdicts.test.ts"]

/** A vendor's key set, and signatures. */
export const keyFaults: ReadonlyArray<Fault> = [
  {
    name: "the kid is ignored when a key is selected",
    file: imported,
    find: " && (keyId === undefined || jwk.kid === keyId)",
    replace: "",
    tests: choice,
  },
  {
    name: "an imported key is used for another algorithm",
    file: imported,
    find: "return key?.algorithm === algorithm ? key : undefined",
    replace: 'return algorithm === "" ? undefined : key',
    tests: ["test/jwt/key-import.test.ts"],
  },
  {
    name: "a key that is no longer in the key set is used",
    file: keys,
    find: "    const before = last?.byIssuer\n",
    replace:
      "    const before = last?.byIssuer\n    for (const key of (replace.old ??= new Set())) keys.push(key)\n    for (const key of keys) replace.old.add(key)\n",
    tests: choice,
  },
  {
    name: "the key set is requested for unknown keys without a pause",
    file: refreshAhead,
    find: "if (kept.flight !== undefined || isRested(now)) return fetched",
    replace: "if (kept.flight !== undefined || now >= 0) return fetched",
    tests: requests,
  },
  {
    name: "every caller requests the key set",
    file: refreshAhead,
    find: "if (kept.flight !== undefined) return Effect.succeed(kept.flight)",
    replace: "",
    tests: requests,
  },
  {
    name: "the waiters lose the key set when the first caller aborts",
    file: "src/internal/kept-value.ts",
    find: "Effect.forkDetach(observed",
    replace: "Effect.forkChild(observed",
    tests: requests,
  },
  {
    name: "keys are used forever during an outage",
    file: keys,
    find: "ageOf(fetchedAt, now) < staleFor",
    replace: "ageOf(fetchedAt, now) < staleFor * 1000",
    tests: outage,
  },
  {
    name: "a token is inactive when the request for the key set fails",
    file: refreshAhead,
    find: "return kept.lastError === undefined ? undefined : Effect.fail(kept.lastError)",
    replace: "return undefined",
    tests: outage,
  },
  {
    name: "a key for encryption verifies signatures",
    file: jwa,
    find: '(use === undefined || use === "sig") &&',
    replace: "",
    tests: onNode,
  },
  {
    name: "a key is used for another algorithm than its alg",
    file: jwa,
    find: "(jwk.alg === undefined ||",
    replace: "(jwk.kid !== undefined ||",
    tests: onNode,
  },
  {
    name: "a short RSA key is accepted on Node",
    file: node,
    find: 'parameters.kty === "RSA" && ',
    replace: 'parameters.kty === "" && ',
    tests: onNode,
  },
  {
    name: "a short RSA key is accepted by Web Crypto",
    file: webcrypto,
    find: '"modulusLength" in key.algorithm ?',
    replace: '"no length" in key.algorithm ?',
    tests: webCrypto,
  },
  {
    name: "an RSA signature without its leading zeros is accepted on Node",
    file: node,
    find: "|| !hasFullLength(bytes, modulus)",
    replace: "",
    tests: onNode,
  },
  {
    name: "an RSA signature without its leading zeros is accepted by Web Crypto",
    file: webcrypto,
    find: "|| !hasFullLength(bytes, modulus)",
    replace: "",
    tests: webCrypto,
  },
  {
    name: "an ECDSA signature in DER is accepted on Node",
    file: node,
    find: "dsaEncoding: ",
    replace: "encoding: ",
    tests: onNode,
  },
  {
    name: "invalid UTF-8 is accepted on Node",
    file: node,
    find: "isUtf8(bytes) ?",
    replace: "isUtf8(Buffer.of()) ?",
    tests: onNode,
  },
  {
    name: "invalid UTF-8 is accepted with Web Crypto",
    file: webcrypto,
    find: "fatal: true",
    replace: "fatal: false",
    tests: webCrypto,
  },
  {
    name: "a byte order mark is ignored with Web Crypto",
    file: webcrypto,
    find: "ignoreBOM: true",
    replace: "ignoreBOM: false",
    tests: webCrypto,
  },
]
