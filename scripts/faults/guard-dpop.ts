import type { Edit, Fault } from "./fault.ts"

const proofs = ["test/guard/dpop/proof.test.ts"]
const guard = ["test/guard/dpop/guard.test.ts"]

/** Makes the faults of one file, which the same tests catch. */
const faultsIn =
  (file: string, tests: ReadonlyArray<string>) =>
  (name: string, find: string, replace: string, also: ReadonlyArray<Edit> = []): Fault => ({
    name,
    file,
    find,
    replace,
    tests,
    also,
  })

const form = faultsIn("src/guard/dpop/proof-form.ts", proofs)
const claims = faultsIn("src/guard/dpop/proof-claims.ts", proofs)
const url = faultsIn("src/guard/dpop/proof-url.ts", proofs)
const checks = faultsIn("src/guard/dpop.ts", proofs)
const spent = faultsIn("src/guard/dpop/spent-proofs.ts", guard)

/** Proofs of DPoP: each check in turn is left out. */
export const guardDpopFaults: ReadonlyArray<Fault> = [
  form("a DPoP proof may have any length", "text.length > maxLength || ", ""),
  checks("the first of two DPoP proofs counts", "splitProof(text)", 'splitProof(text.split(", ")[0] ?? "")'),
  form("a DPoP proof may be a JWT of any type", 'fields.typ !== "dpop+jwt" || ', ""),
  form("a DPoP proof may have critical members", ' || "crit" in fields', ""),
  form("a DPoP proof may have any known algorithm", "!algorithms.has(alg) || ", ""),
  form("a DPoP proof may have a private key", "privateMembers.some((name) => name in key) || ", ""),
  form(
    "the key of a DPoP proof may be for encryption or for another algorithm",
    "!isKeyFor(key, alg)",
    'key.kty === "oct"',
  ),
  form(
    "the key of a DPoP proof may have a second spelling",
    'typeof value === "string" && /^[\\w-]+$/.test(value)',
    'typeof value === "string"',
  ),
  form(
    "the thumbprint of a DPoP key has its members in another order",
    'EC: ["crv", "kty", "x", "y"]',
    'EC: ["kty", "crv", "x", "y"]',
  ),
  claims(
    "a DPoP proof counts for any method",
    "claims === undefined || claims.htm !== method",
    "claims === undefined || method === undefined",
  ),
  claims("a DPoP proof counts for any URL", "!isSameUrl(htu, url)", "url === undefined"),
  claims("a DPoP proof needs no jti", 'typeof jti !== "string" || jti === "" || ', 'typeof jti !== "string" || '),
  claims("the jti of a DPoP proof may have any length", " || jti.length > maxIdLength", ""),
  url(
    "the URL of a DPoP proof is compared as text",
    "const normalized = normalizedUrl(claimed)",
    "const normalized = claimed",
  ),
  url("the URL of a DPoP proof may have a user", "[^/?#@\\\\]+", "[^/?#\\\\]+"),
  url(
    "the URL of a DPoP proof keeps an encoded unreserved character",
    "/[\\w.~-]/.test(character)",
    'character === ""',
  ),
  url(
    "an encoded slash in the URL of a DPoP proof equals a slash",
    "/[\\w.~-]/.test(character)",
    "/[\\w.~/-]/.test(character)",
  ),
  url(
    "the query of a DPoP proof's URL counts",
    "const { protocol, host, pathname } = new URL(text)",
    "const { protocol, host, pathname: path, search } = new URL(text)\n  const pathname = path + search",
  ),
  checks("a DPoP proof may be old", "issuedAt < now - past || ", ""),
  checks("a DPoP proof may be from the future", " || issuedAt > now + future", ""),
  checks(
    "a DPoP proof counts for any token",
    "claims.ath !== (await signatures.sha256(request.token))",
    "claims.ath === undefined",
  ),
  checks(
    "the signature of a DPoP proof is not verified",
    "!(await key.verifies(proof.signed, proof.signature))",
    "proof.signature === undefined",
  ),
  checks(
    "a key that is remembered verifies no signature",
    "key === undefined || !(await key.verifies",
    "key === undefined || !known && !(await key.verifies",
  ),
  {
    ...checks("DPoP proofs are never spent", "return spend?.(key.jkt, claims.jti, term, by)", "return void by"),
    tests: guard,
  },
  {
    ...checks(
      "a spent DPoP proof is forgotten while it could still pass",
      "until: issuedAt + past,",
      "until: issuedAt,",
    ),
    tests: guard,
  },
  spent("a replayed DPoP proof passes", 'reservation === "fresh"', "reservation !== undefined"),
  {
    name: "a DPoP proof passes while the replay store is down",
    file: "src/guard/guard.ts",
    find: 'return refuse(context, request, "replay-store-unavailable", scheme, error)',
    replace: "void error",
    tests: ["test/guard/dpop/guard.test.ts"],
  },
  spent(
    "a replay store that does not answer is waited for",
    "timer = setTimeout(() => resolve(undefined), timeout)",
    "timer = setTimeout(() => undefined, timeout)",
  ),
  spent("a replay store's answer leaves a timer behind", ".finally(() => clearTimeout(timer))", ""),
  spent(
    "the jti of one client's DPoP proof is taken from all others",
    "const hash = await signatures.sha256(",
    "const hash = await ((_text: string) => signatures.sha256(jti))(",
  ),
  {
    name: "a DPoP proof is spent before the scopes are checked",
    file: "src/guard/guard.ts",
    find: "    judged = judge(context, state, { jkt: proof?.jkt, x5tS256 })",
    replace:
      "    const early = await proof?.spend()\n    if (early !== undefined) return refuse(context, request, early, scheme)\n    judged = judge(context, state, { jkt: proof?.jkt, x5tS256 })",
    also: [
      {
        file: "src/guard/guard.ts",
        find: "  const spent = proof && (await proof.spend(request.raw))",
        replace: "  const spent = undefined",
      },
    ],
    tests: guard,
  },
  {
    name: "the host of a request's target counts for DPoP proofs",
    file: "src/guard/settings.ts",
    find: "urlOf: (target) => addressOf(base, target)",
    replace: 'urlOf: (target) => (target.startsWith("/") ? addressOf(base, target) : (target.split("?")[0] ?? ""))',
    tests: guard,
  },
]
