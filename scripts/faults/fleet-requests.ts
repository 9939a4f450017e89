import type { Fault } from "./fault.ts"

const flight = "src/core/policies/fleet-flight.ts"
const fetched = "src/internal/fleet-fetch.ts"
const tokens = "src/internal/fleet-tokens.ts"
const dropped = "src/core/policies/service-tokens.ts"
const refresh = ["test/fleet/refresh.test.ts"]
const outages = ["test/fleet/refresh-outages.test.ts"]
const clientTokens = ["test/fleet/client-tokens.test.ts"]
const keySets = ["test/fleet/key-sets.test.ts"]
const documents = ["test/fleet/metadata-documents.test.ts"]

/** The requests that one process sends for a fleet. */
export const fleetRequestFaults: ReadonlyArray<Fault> = [
  {
    name: "a process refreshes itself while another one refreshes",
    file: flight,
    find: 'if (claim.lock === "taken") return restore(waitForResult(sharing, 0))',
    replace: 'if (claim.lock === "taken") return restore(call)',
    tests: refresh,
  },
  {
    name: "the result of a refresh is kept too short",
    file: flight,
    find: "const resultKeptFor = 15_000",
    replace: "const resultKeptFor = 5_000",
    tests: refresh,
  },
  {
    name: "an error about a refresh token is not kept",
    file: flight,
    find: 'const isFinal = "tokens" in result || isAboutToken(result.error)',
    replace: 'const isFinal = "tokens" in result',
    tests: refresh,
  },
  {
    name: "an outage is kept as the result of a refresh",
    file: flight,
    find: 'const isFinal = "tokens" in result || isAboutToken(result.error)',
    replace: "const isFinal = true",
    tests: refresh,
  },
  {
    name: "a refresh ends with its caller, although other processes wait for it",
    file: flight,
    find: "restore(Fiber.join(fiber)),",
    replace: "Effect.onInterrupt(restore(Fiber.join(fiber)), () => Fiber.interrupt(fiber)),",
    tests: refresh,
  },
  {
    name: "a revoked refresh token still has a kept result",
    file: flight,
    find: "        ...(token !== undefined && { token: await tokenKey(token) }),\n",
    replace: "        ...(token !== undefined && {}),\n",
    tests: refresh,
  },
  {
    name: "processes of different clients share refreshes",
    file: flight,
    find: "JSON.stringify([server, backend.endpoint, await fingerprint(), operation])",
    replace: "JSON.stringify([server, backend.endpoint, operation])",
    tests: refresh,
  },
  {
    name: "a refresh waits forever for a process that has died",
    file: flight,
    find: "if (waited > limit + lockMargin)",
    replace: "if (waited < 0)",
    tests: outages,
  },
  {
    name: "a refresh fails while the store does not answer",
    file: flight,
    find: 'if (claim === undefined || claim.lock === "none") return restore(call)',
    replace: 'if (claim === undefined || claim.lock === "none") return restore(waitForResult(sharing, 0))',
    tests: outages,
  },
  {
    name: "a process waits for the request of another one without a limit",
    file: fetched,
    find: 'claim.lock !== "taken" || waited >= waitFor)',
    replace: 'claim.lock !== "taken")',
    tests: clientTokens,
  },
  {
    name: "a token of the client is not stored for the other processes",
    file: fetched,
    find: "return fleet.put(await key(), text, { revision, parties, lifetime, lock })",
    replace: "return lock?.release()",
    tests: clientTokens,
  },
  {
    name: "a rejected token of the client stays in the fleet",
    file: dropped,
    find: "return fleet === undefined || !isHere ? Effect.void : fleet.end(String(accessToken))",
    replace: "return Effect.void",
    tests: clientTokens,
  },
  {
    name: "a stranger's text ends tokens of the client in the fleet",
    file: dropped,
    find: "return fleet === undefined || !isHere ? Effect.void",
    replace: "return fleet === undefined ? Effect.void",
    tests: clientTokens,
  },
  {
    name: "a token of the client expires by the clock of the reading process",
    file: tokens,
    find: "const found = token.read(text, now - age)",
    replace: "const found = token.read(text, now)",
    tests: clientTokens,
  },
  {
    name: "a key set of another process counts as new",
    file: "src/core/jwt/keys.ts",
    find: "    ageOf: ({ age }) => age,\n",
    replace: "",
    tests: keySets,
  },
  {
    name: "a key set from before a token came decides about its key",
    file: "src/internal/refresh-ahead.ts",
    find: "(current.isOwn || current.fetchedAt >= since || isEnough(current.value))",
    replace: "true",
    tests: keySets,
  },
  {
    name: "a key set that lacks a key is taken from the fleet again",
    file: "src/core/jwt/keys.ts",
    find: "maxAge: isFresh ? coolDown - 1 : refreshAfter",
    replace: "maxAge: refreshAfter",
    tests: keySets,
  },
  {
    name: "a key set of the fleet is not checked when it is read",
    file: "src/core/jwt/fleet-keys.ts",
    find: "return Array.isArray(keys) && keys.length > 0 && keys.every(isKey) ? keys : undefined",
    replace: "return Array.isArray(keys) ? keys : undefined",
    tests: keySets,
  },
  {
    name: "a metadata document of the fleet may be another issuer's",
    file: "src/adapters/oidc/operations/discovery.ts",
    find: "return data !== undefined && isIssuer(server, data.issuer) ? metadataOf(data, raw) : undefined",
    replace: "return data !== undefined ? metadataOf(data, raw) : undefined",
    tests: documents,
  },
  {
    name: "a metadata document of another process counts as new",
    file: "src/adapters/oidc/engine/discovered-metadata.ts",
    find: "      ageOf: ({ age }) => age,\n",
    replace: "",
    tests: documents,
  },
  {
    name: "the service token of a vendor is not shared",
    file: "src/adapters/oidc/engine/service-token.ts",
    find: "const inFleet = place && sharedServiceToken(place)",
    replace: "const inFleet = undefined as ReturnType<typeof sharedServiceToken> | undefined",
    tests: ["test/fleet/management-token.test.ts"],
  },
]
