import type { Fault } from "./fault.ts"

const forgetting = "src/core/policies/forgetting.ts"
const store = "src/core/policies/introspection-store.ts"
const revocations = "src/core/policies/revocations.ts"
const requests = "src/core/policies/introspection-requests.ts"
const credentials = "src/adapters/oidc/arguments/credential-arguments.ts"
const properties = ["test/properties/credentials.test.ts"]
const tests = ["test/policies/revocations.test.ts"]

/** What a revocation forgets, and texts that cannot be credentials. */
export const forgettingFaults: ReadonlyArray<Fault> = [
  {
    name: "a text that cannot be a credential is sent",
    file: credentials,
    find: "return canBe(expected.kind.characters, text) ? undefined : expected.kind.otherwise",
    replace: "return isShort(text) ? undefined : expected.kind.otherwise",
    tests: properties,
  },
  {
    name: "a challenge that cannot be one is sent",
    file: credentials,
    find: '  "consent.getLogout": challenge,\n',
    replace: "",
    tests: properties,
  },
  {
    name: "a code that cannot be one is sent",
    file: "src/adapters/oidc/operations/callback.ts",
    find: 'canBe("printable", single("code") ?? "")',
    replace: 'single("code")',
    tests: properties,
  },
  {
    name: "a text of any length counts as a credential",
    file: "src/internal/token-text.ts",
    find: "text.length <= longest",
    replace: "text.length <= Math.max(longest, Number.MAX_SAFE_INTEGER)",
    tests: properties,
  },
  {
    name: "a callback is parsed before its length is judged",
    file: "src/adapters/oidc/arguments/credential-arguments.ts",
    find: "isShort(text, maxCallbackLength) ? undefined : noCode",
    replace: "isShort(text, maxCallbackLength * 100) ? undefined : noCode",
    tests: properties,
  },
  {
    name: "a callback is read that becomes long when it is encoded",
    file: "src/adapters/oidc/operations/authorization-code.ts",
    find: "if (!isShort(callback.href, maxCallbackLength))",
    replace: "if (!isShort(callback.href, maxCallbackLength * 100))",
    tests: properties,
  },
  {
    name: "a name, an id or a hint of any length is encoded",
    file: "src/adapters/oidc/arguments/fields.ts",
    find: "(text) => text.length <= longestText,",
    replace: "(text) => text.length <= longestText * 100,",
    tests: properties,
  },
  {
    name: "the text that is too long for a token is searched for a scheme",
    file: "src/adapters/oidc/arguments/check-arguments.ts",
    find: "(!isShort(value) || !hasScheme(value))",
    replace: "!hasScheme(value)",
    tests: properties,
  },
  {
    name: "a revocation of a text that cannot be a token is a revocation",
    file: forgetting,
    find: '!canBe("printable", token)',
    replace: 'token === ""',
    tests,
  },
  {
    name: "session.end outdates the cached answers",
    file: "src/core/policies/ended-tokens.ts",
    find: '  "consent.acceptLogout": () => "unknown",\n',
    replace: '  "consent.acceptLogout": () => "unknown",\n  "session.end": () => ({ subject: "u1" }),\n',
    tests,
  },
  {
    name: "a revocation of an unknown token empties the cache",
    file: forgetting,
    find: "if (!isKnown) store.outdateAll(clockOf(fiber).currentTimeMillisUnsafe())",
    replace: "if (!isKnown) store.forgetParties({})",
    also: [
      {
        file: revocations,
        find: "nameOf(subject, anyParty), nameOf(anyParty, client)]",
        replace: "nameOf(subject, anyParty), nameOf(anyParty, client), nameOf(anyParty, anyParty)]",
      },
    ],
    tests,
  },
  {
    name: "a revocation of an unknown token has no effect on other tokens",
    file: forgetting,
    find: "  if (!isKnown) store.outdateAll(clockOf(fiber).currentTimeMillisUnsafe())\n",
    replace: "",
    tests,
  },
  {
    name: "each revocation causes a request for each token",
    file: store,
    find: "revoked.isOutdated(entry) && entry.isActive && mayRevalidate(entry, now, revalidationInterval)",
    replace: "revoked.isOutdated(entry) && entry.isActive && mayRevalidate(entry, now, 0)",
    tests,
  },
  {
    name: "a new answer does not keep the time of the last revalidation of its token",
    file: store,
    find: "        entry.revalidatedAt = existing.revalidatedAt\n",
    replace: "",
    tests,
  },
  {
    name: "an answer from before a revocation replaces one from after it",
    file: store,
    find: "        if (existing.revocations > revocations) return entry\n",
    replace: "",
    tests,
  },
  {
    name: "any number of requests is made in the background at the same time",
    file: "src/core/policies/background.ts",
    find: "hasRoom: () => inFlight < limit",
    replace: "hasRoom: () => inFlight < Number.MAX_VALUE * limit",
    tests,
  },
  {
    name: "the Promise API does not ask again about an outdated answer",
    file: "src/core/policies/introspection-cache.ts",
    find: "return answerOf(cache, key, entry, now, () => method(token))",
    replace: "return stateOf(entry)",
    also: [
      {
        file: "src/core/policies/introspection-cache.ts",
        find: 'import { forgetting } from "./forgetting.ts"\n',
        replace: 'import { stateOf } from "./cached-introspection.ts"\nimport { forgetting } from "./forgetting.ts"\n',
      },
    ],
    tests,
  },
  {
    name: "a revoked token ends the answers of its client",
    file: "src/core/policies/store-ends.ts",
    find: "endParties(partyOf(subject), isWhole ? partyOf(clientId) : anyParty)",
    replace: "endParties(anyParty, isWhole ? partyOf(clientId) : anyParty)",
    tests,
  },
  {
    name: "a revoked token ends its own answer only",
    file: store,
    find: "      for (const grant of grants) parties.forgetGrantOf(grant)\n",
    replace: "",
    tests,
  },
  {
    name: "the rule of a vendor whose revocation ends a whole subject is ignored",
    file: "src/core/policies/store-ends.ts",
    find: 'const isWhole = ends !== "subject" || subject === undefined',
    replace: "const isWhole = ends === ends || subject === undefined",
    tests,
  },
  {
    name: "another spelling of a revoked token stays active",
    file: forgetting,
    find: "...(cache.provider.traits?.spellings?.(token) ?? [])",
    replace: "",
    tests,
  },
  {
    name: "an access token outlives the refresh token that was issued with it",
    file: forgetting,
    find: "const all = [...keys, ...keys.flatMap((key) => issued.get(key)?.accessToken ?? [])]",
    replace: "const all = [...keys, ...keys.slice(keys.length).flatMap((key) => issued.get(key)?.accessToken ?? [])]",
    tests,
  },
  {
    name: "an access token outlives the use of the refresh token that was issued with it",
    file: forgetting,
    find: "        store.forgetToken(old)\n",
    replace: "",
    tests,
  },
  {
    name: "a client that is removed keeps its cached answers",
    file: forgetting,
    find: 'if (ended !== "unknown") cache.store.forgetParties(ended)',
    replace: 'if (ended !== "unknown" && ended.subject !== undefined) cache.store.forgetParties(ended)',
    tests,
  },
  {
    name: "a token is revalidated by a request that was in flight before the revocation",
    file: requests,
    find: "    cache.flights.forget([key])\n",
    replace: "",
    tests,
  },
]
