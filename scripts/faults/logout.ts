import type { Fault } from "./fault.ts"

const faultsIn =
  (file: string, ...tests: ReadonlyArray<string>) =>
  (name: string, find: string, replace: string): Fault => ({
    name: `logout: ${name}`,
    file,
    find,
    replace,
    tests: tests.map((each) => `test/logout/${each}.test.ts`),
  })

const token = faultsIn("src/logout/logout-token.ts", "rejected-requests")
const handler = faultsIn("src/logout/logout.ts", "order")
const requests = faultsIn("src/logout/logout.ts", "rejected-requests")
const options = faultsIn("src/logout/options.ts", "options")
const form = faultsIn("src/logout/form.ts", "rejected-requests")
const outcomes = faultsIn("src/logout/outcomes.ts", "rejected-requests")
const cached = faultsIn("src/core/policies/revoked-sessions.ts", "ended-answers")
const local = faultsIn("src/core/jwt/ended-sessions.ts", "local-validation")
const validation = faultsIn("src/core/jwt/validate-jwt.ts", "local-validation")

/** The checks of a logout token: each in turn is left out. */
const checks: ReadonlyArray<Fault> = [
  token(
    "a token may be of any issuer",
    "issuers.some((each) => each === iss)",
    "issuers.some((each) => iss !== each || each === iss)",
  ),
  token(
    "a token may be for another client",
    "audienceOf(aud).some((each) => clientIds.includes(each))",
    "audienceOf(aud).length > 0 || clientIds.length > 9",
  ),
  token("a token may be old", " && iat * 1000 >= now - maxAge - clockSkew", " && maxAge > 0"),
  token("a token may be from the future", "isTime(iat) && iat * 1000 <= now + clockSkew", "isTime(iat)"),
  token("a token may have expired", "isTime(exp) && exp * 1000 > now - clockSkew", "isTime(exp) && clockSkew < now"),
  token("a token without exp passes", "exp === undefined ? withoutExpiry", "exp === undefined ? true || withoutExpiry"),
  token("a token may name nobody", "sub !== undefined || sid !== undefined", "sub !== sid || sub === undefined"),
  token(
    "a token may have another event",
    "Object.hasOwn(events, event) && isObject(events[event])",
    "Object.keys(events).length > 0",
  ),
  token("an event may be a list", "isObject(events[event])", 'typeof events[event] === "object"'),
  token("an ID token passes", '!("nonce" in claims)', 'claims.nonce === null || !("nonce" in claims)'),
  token("a token needs no jti", "passes: ({ jti }) => isName(jti)", "passes: ({ jti }) => jti !== 0"),
  token(
    "a token may have any type",
    'types.includes(type) ? { algorithm: alg, keyId: kid } : "type"',
    'types.includes(type) || type !== "" ? { algorithm: alg, keyId: kid } : "type"',
  ),
  token("a token without a type passes", "types.includes(type) ? {", 'types.includes(type) || type === "" ? {'),
  token("a token may have critical members", ' || "crit" in fields', ""),
  token("a token may have any algorithm", "!Object.hasOwn(algorithms, alg)", "!(alg in algorithms)"),
  requests(
    "the signature is not verified",
    "if (verified.value !== true) return {",
    'if (verified.value === "unknown-key") return {',
  ),
  requests(
    "an unknown key is an invalid token",
    'verified.value === "unknown-key" ? "unknown-key" : "signature"',
    '"signature"',
  ),
  requests(
    "a body of JSON is read",
    '(?:;|$)/i.test(request.contentType ?? "")',
    '(?:;|$)|json/i.test(request.contentType ?? "")',
  ),
  requests("another method than POST is performed", 'if (request.method !== "POST")', 'if (request.method === "GET")'),
  requests("a replay is performed again in its process", 'if (spent.has(key)) return { outcome: "replayed" }', ""),
  form("the first of two tokens counts", "others.length > 0 || token", "token"),
  form("a form may have any length", "if (length > maxFormLength) return undefined", ""),
  outcomes("an answer may be stored", '"cache-control": "no-store",', ""),
]

/** The order of the steps, and their failures. */
const steps: ReadonlyArray<Fault> = [
  handler(
    "the token is spent when the end fails",
    'if ("error" in ended) return {',
    'if ("error" in ended) spent.add(key)\n  if ("error" in ended) return {',
  ),
  handler(
    "a failure to end a session is a success",
    'if ("error" in ended) return { outcome: "end-failed", error: ended.error }',
    "",
  ),
  handler(
    "a failure of the replay store is a success",
    'if ("error" in reserved) return { outcome: "replay-store-unavailable", error: reserved.error }',
    'if ("error" in reserved) return { outcome: "done" }',
  ),
  handler(
    "any answer of the replay store counts",
    'if (reserved.value !== "fresh" && reserved.value !== "seen") return',
    "if (reserved.value === undefined) return",
  ),
  handler(
    "a replay that another process knows is a success",
    'reserved.value === "fresh" ? "done" : "replayed"',
    '"done"',
  ),
  handler(
    "keys that are unavailable make a token invalid",
    'outcome: "keys-unavailable", error',
    'outcome: "signature", error',
  ),
  handler("a form that does not arrive is invalid", 'outcome: "form-unavailable", error', 'outcome: "form", error'),
  handler("onLogout is called first", "  await endSessions({", "  await onLogout?.(token)\n  await endSessions({"),
  handler(
    "a hook that throws changes the answer",
    "safely(() => settings.onOutcome?.(outcome, error))",
    "settings.onOutcome?.(outcome, error)",
  ),
  handler("a step may take any time", "setTimeout(() => reject(", "setTimeout(() => String("),
  options(
    "clientId is ignored",
    'typeof clientId === "string" ? [clientId] : clientId',
    "[auth.backend?.clientId ?? String(clientId)]",
  ),
  options("types is ignored", "(options.types ?? typesOfVendor)", "typesOfVendor"),
  options("maxAge is ignored", "maxAge: toMillis(maxAge)", 'maxAge: Math.min(toMillis(maxAge), toMillis("3 minutes"))'),
  options("clockSkew is ignored", "clockSkew: toMillis(clockSkew)", 'clockSkew: toMillis("60 seconds")'),
  options(
    "an unknown option is ignored",
    "if (!Object.hasOwn(members, path))\n      return",
    "if (!Object.hasOwn(members, path)) return []\n    if (!Object.hasOwn(members, path))\n      return",
  ),
]

/** What the end of a session ends. */
const ends: ReadonlyArray<Fault> = [
  cached("a session that is not known is forgotten silently", "if (subject === undefined) revoked.outdateAll()", ""),
  cached(
    "the end of a session ends every session of its subject",
    "revoked.endSession(session, subject ?? noParty)",
    "revoked.endParties(subject ?? session, anyParty)",
  ),
  cached(
    "the subject of a session is not remembered",
    "subjects.set(session, { subject, bytes: 0 })",
    "subjects.get(session)",
  ),
  {
    ...cached("answers without sid outlive the session", "", ""),
    file: "src/core/policies/revocations.ts",
    find: "session === noParty ? withoutSession(subject) : sessionName(session)",
    replace: "sessionName(session)",
  },
  {
    ...cached("a layer loses the end of sessions", "", ""),
    file: "src/core/policies/token-binding.ts",
    find: "    ...inner,\n",
    replace: "",
  },
  {
    ...cached("a request in flight is joined after the end", "", ""),
    file: "src/core/policies/logout.ts",
    find: "flights?.forget()",
    replace: "flights?.forget([])",
  },
  {
    ...cached("the subject of an ID token is not remembered", "", ""),
    file: "src/core/policies/session-subjects.ts",
    find: "subjects.set(sid, {",
    replace: "subjects.set(sub, {",
    tests: ["test/logout/session-subjects.test.ts"],
  },
  validation(
    "a JWT of an ended session is active at the first call",
    'context.ended.hasEnded(signed.claims) ? reject(context, "ended") : Effect.succeed(signed)',
    "Effect.succeed(signed)",
  ),
  validation(
    "a JWT of an ended session is active at later calls",
    'ended.hasEnded(identification.claims) ? rejectNow("ended") : tokenOf',
    "tokenOf",
  ),
  local("a JWT of another session ends too", 'typeof sid !== "string" && withoutSession', "withoutSession"),
  local("a later login ends too", "isTime(iat) && iat * 1000 <= end.at", "isTime(iat) && end.at > 0"),
  local("an earlier end replaces a later one", "Math.max(at, store.get(name)?.at ?? at)", "at"),
  local("the record of ends is not bounded", "entries: 50_000", "entries: 100_000"),
]

/** Back-channel logout. */
export const logoutFaults: ReadonlyArray<Fault> = [...checks, ...steps, ...ends]
