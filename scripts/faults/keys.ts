import type { Fault } from "./fault.ts"

const file = "src/core/jwt/keys.ts"
const node = "src/adapters/signature/node.ts"
const webcrypto = "src/adapters/signature/webcrypto.ts"
const choice = ["test/jwt/key-choice.test.ts"]
const outage = ["test/jwt/keys-outage.test.ts"]
const ready = ["test/jwt/keys-ready.test.ts"]
const onNode = ["test/jwt/node-verdicts.test.ts"]
const elsewhere = ["test/jwt/webcrypto-verdicts.test.ts"]

/** A vendor's keys, and what is checked with them. */
export const keyFaults: ReadonlyArray<Fault> = [
  {
    name: "the name of a key chooses nothing",
    file,
    find: "&& (keyId === undefined || jwk.kid === keyId)",
    replace: "",
    tests: choice,
  },
  {
    name: "of several keys that fit, the first is taken",
    file,
    find: "return compatible.length === 1 ? compatible[0] : undefined",
    replace: "return compatible[0]",
    tests: choice,
  },
  {
    name: "a key that is ready serves every algorithm",
    file,
    find: "return key?.algorithm === algorithm ? key : undefined",
    replace: 'return algorithm === "" ? undefined : key',
    tests: ["test/jwt/ready-keys.test.ts"],
  },
  {
    name: "a key that the vendor took away goes on",
    file,
    find: "    ready = new Map()\n",
    replace: "",
    tests: choice,
  },
  {
    name: "unknown keys are asked for without a pause",
    file,
    find: "if (underWay === undefined && !rested(now))",
    replace: "if (coolDown < 0 && !rested(now))",
    tests: ready,
  },
  {
    name: "keys are fetched by every caller who wants them",
    file,
    find: "if (underWay !== undefined) return Effect.succeed(underWay)",
    replace: "",
    tests: ready,
  },
  {
    name: "the keys are lost to those who wait when whoever asked first gives up",
    file,
    find: "Effect.forkDetach(settle,",
    replace: "Effect.forkChild(settle,",
    tests: ready,
  },
  {
    name: "keys serve for ever while the vendor is away",
    file,
    find: "&& age(now, current.fetchedAt) < staleFor",
    replace: "&& now !== staleFor",
    tests: outage,
  },
  {
    name: "a key that nobody could ask for makes its tokens inactive",
    file,
    find: "return failure === undefined ? undefined : yield* failure",
    replace: "return undefined",
    tests: outage,
  },
  {
    name: "a key for encryption checks signatures",
    file: "src/ports/signature.ts",
    find: '(jwk.use === undefined || jwk.use === "sig") &&',
    replace: "",
    tests: onNode,
  },
  {
    name: "a key that names one algorithm is taken for another",
    file: "src/ports/signature.ts",
    find: "jwk.alg === undefined ||",
    replace: "jwk.kid !== undefined ||",
    tests: onNode,
  },
  {
    name: "a short RSA key is good enough on Node",
    file: node,
    find: 'wanted.kty === "RSA" && ',
    replace: 'wanted.kty === "" && ',
    tests: onNode,
  },
  {
    name: "a short RSA key is good enough for Web Crypto",
    file: webcrypto,
    find: '"modulusLength" in key.algorithm ?',
    replace: '"no length" in key.algorithm ?',
    tests: elsewhere,
  },
  {
    name: "an RSA signature may lack its leading zeros on Node",
    file: node,
    find: "isWhole(bytes, modulus) && ",
    replace: "",
    tests: onNode,
  },
  {
    name: "an RSA signature may lack its leading zeros for Web Crypto",
    file: webcrypto,
    find: "|| !isWhole(bytes, modulus)",
    replace: "",
    tests: elsewhere,
  },
  {
    name: "a signature in DER counts on Node",
    file: node,
    find: "dsaEncoding: ",
    replace: "encoding: ",
    tests: onNode,
  },
  {
    name: "what is no UTF-8 is read on Node",
    file: node,
    find: "isUtf8(bytes) ?",
    replace: "isUtf8(Buffer.of()) ?",
    tests: onNode,
  },
  {
    name: "what is no UTF-8 is read beside Web Crypto",
    file: webcrypto,
    find: "fatal: true",
    replace: "fatal: false",
    tests: elsewhere,
  },
  {
    name: "a byte order mark is overlooked beside Web Crypto",
    file: webcrypto,
    find: "ignoreBOM: true",
    replace: "ignoreBOM: false",
    tests: elsewhere,
  },
]
