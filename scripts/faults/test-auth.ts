import type { Fault } from "./fault.ts"

const planted =
  (file: string) =>
  (name: string, find: string, replace: string): Fault => ({
    ...{ name, file, find, replace },
    tests: ["test/unit/test-auth.test.ts"],
  })

const auth = planted("packages/testing/src/auth/test-auth.ts")
const token = planted("packages/testing/src/auth/test-token.ts")

/** The client whose tokens a test gives. */
export const testAuthFaults: ReadonlyArray<Fault> = [
  auth("testAuth ignores an option that it does not know", "if (wrong !== undefined) throw", "if (false) throw"),
  auth("testAuth accepts any token when it is made", "\n  checkTokens(tokens)\n", "\n"),
  auth("testAuth checks no arguments", "if (Exit.isExit(checked)) return checked", ""),
  auth("testAuth repeats a call of a vendor in an outage", "retry: false,", "retry: { attempts: 1 },"),
  auth("testAuth records no options", "options === undefined ? { token }", "options !== null ? { token }"),
  auth("testAuth takes a member of every object for a token", "Object.hasOwn(tokens, token) ? ", "true ? "),
  auth("testAuth answers about an access token only", 'options?.expect ?? "access_token"', '"access_token"'),
  auth("testAuth takes freshness local for an opaque token", "/^eyJ[^.]*\\.[^.]*\\./.test(token)", 'token !== ""'),
  auth("testAuth takes freshness local for no token", '? [token, { ...options, freshness: "live" }]', "? args"),
  auth("testAuth changes the error that the test gives", "failure instanceof AuthError ? failure : ", ""),
  auth("testAuth claims an operation that it lacks", '(["introspect"])', '(["introspect", "revoke"])'),
  token("a token of a test is active after its expiry", "now < (state.expiresAt?.getTime() ?? Infinity) && ", ""),
  token("a token of a test is active before its start", " && now >= (state.notBefore?.getTime() ?? 0)", ""),
  token("a refresh token of a test is an access token", "state.use === expect && ", ""),
  token("a token of a test may have unknown members", "!Object.hasOwn(members, name)", 'name === "wrong"'),
  token("a token of a test may be a text that no token is", "/^[\\x21-\\x7e]+$/", "/./"),
  token(
    "a token of a test may have a text as scopes",
    "!Array.isArray(given[name])",
    "Array.isArray(given[name]) === undefined",
  ),
  token("a token of a test may have a number as a time", "notDate === undefined ?", "notDate !== null ?"),
  token("a token that became wrong is taken", "\n      checkToken(token, found)\n", "\n"),
]
