import type { Edit, Fault } from "./fault.ts"

const logins = ["test/login/login.test.ts"]
const outages = ["test/login/outage.test.ts"]
const attacks = ["test/login/attacks.test.ts"]

/** Makes the faults of one file. */
const faultsIn =
  (file: string) =>
  (
    name: string,
    tests: ReadonlyArray<string>,
    find: string,
    replace: string,
    also: ReadonlyArray<Edit> = [],
  ): Fault => ({
    ...{ name: `login example: ${name}`, file, find, replace, tests, also },
  })

const refused = faultsIn("examples/login/refused.ts")
const cookies = faultsIn("examples/login/logins.ts")
const sessions = faultsIn("examples/login/sessions.ts")
const pages = faultsIn("examples/login/pages.ts")
const express = faultsIn("examples/login/express.ts")
const hono = faultsIn("examples/login/hono.ts")

/** The login in Express and Hono, and the demo. */
export const loginExampleFaults: ReadonlyArray<Fault> = [
  refused("a page of another port may send a POST", attacks, 'site === "same-origin"', 'site !== "cross-site"'),
  refused("an old browser may send any POST", attacks, 'header("origin") === origin', 'header("origin") !== ""'),
  refused("a login continues at another origin", attacks, "url?.origin !== origin || ", "url === null || "),
  refused("a login continues at a path with two slashes", attacks, "return url.href", "return url.pathname"),
  refused("a login continues at a URL of any length", attacks, " || url.href.length > 1000", ""),
  express("Express accepts a forged POST", attacks, "refuseForged(logins.origin,", "refuseForged.bind(logins.origin,"),
  hono("Hono accepts a forged POST", attacks, "refuseForged(logins.origin,", "refuseForged.bind(logins.origin,"),
  hono("Hono loses the cookies", logins, "context.res.headers)", "context.res)"),
  cookies("a script reads the cookies", attacks, "httpOnly: true", "httpOnly: false"),
  cookies("other sites send the cookies", attacks, 'sameSite: "lax"', 'sameSite: "none"'),
  cookies("the cookies go without TLS", attacks, 'secure: protocol === "https:"', "secure: false"),
  cookies("another host can set the cookies", attacks, '"__Host-"', '"__Secure-"'),
  cookies("the address may be without TLS", attacks, "if (!sealed.secure && ", 'if (hostname === "" && '),
  cookies("a login never expires", logins, "const tenMinutes = 600", "const tenMinutes = 6000"),
  cookies("a session lasts for days", logins, "eightHours = 28_800", "eightHours = 288_000"),
  sessions("the cookie of a login is kept", logins, "  login.destroy()\n", ""),
  sessions(
    "a session keeps its id after a second login",
    logins,
    "const id = randomBytes(32)",
    "const id = cookie.id ?? randomBytes(32)",
  ),
  sessions(
    "the earlier session of a browser goes on",
    logins,
    '  logins.sessions.delete(cookie.id ?? "")\n  // A new id',
    "  // A new id",
  ),
  sessions("each request refreshes", outages, "session.refreshing ??= auth", "session.refreshing = auth"),
  sessions("a token is used after its expiry", outages, "expiresAt.getTime() >", "expiresAt.getTime() + 1e15 >"),
  sessions(
    "an outage logs users out",
    outages,
    '["InvalidGrant", "InvalidToken"]',
    '["InvalidGrant", "InvalidToken", "Unavailable"]',
  ),
  sessions("a rejected refresh token ends no session", outages, '["InvalidGrant", "InvalidToken"]', '["InvalidToken"]'),
  sessions("a rejected access token ends no session", logins, '["InvalidGrant", "InvalidToken"]', '["InvalidGrant"]'),
  sessions(
    "a logout revokes no token",
    outages,
    'await auth.revoke(token, { timeout: "2 seconds" }).catch(rethrowOutage)',
    "continue",
  ),
  sessions(
    "a logout revokes the tokens from before a refresh",
    outages,
    "await (session.refreshing ?? session.tokens)",
    "session.tokens",
  ),
  sessions("a logout removes the cookie only", outages, '  sessions.delete(cookie.id ?? "")\n', ""),
  sessions("a logout fails while the vendor is down", outages, "  if (error instanceof AuthError) return home\n", ""),
  sessions(
    "a logout leaves the vendor's session",
    outages,
    "return (await auth.session.end(",
    "return home ?? (await auth.session.end(",
  ),
  pages("a cache keeps the pages", attacks, '"cache-control": "no-store"', '"cache-control": "private"'),
  pages("another page frames the pages", attacks, "; frame-ancestors 'none'", ""),
  pages("the name of a user is HTML", attacks, "escapeHtml(email ?? subject)", "(email ?? subject)"),
  pages(
    "a denied login is reported as expired",
    logins,
    'if (reason === "AccessDenied")',
    'if (reason === "NotFound")',
  ),
  pages("an outage is answered with 500", outages, 'if (reason === "Unavailable" ||', 'if (reason === "NotFound" ||'),
  pages("an outage has no Retry-After", outages, '"retry-after": String(after)', '"x-retry-after": String(after)'),
  pages("nobody learns of an unknown error", attacks, "if (status === 500) console.error(error)", ""),
  {
    name: "demo: an unknown action goes back to the page",
    file: "demo/site/site-app.ts",
    find: "    if (action === undefined) return context.notFound()\n    return answer",
    replace: "    if (action === undefined) return context.redirect('/', 303)\n    return answer",
    tests: ["test/demo/site-actions.test.ts"],
  },
  {
    name: "demo: another site may take the vendor down",
    file: "demo/site/site-app.ts",
    find: "    refuseForged(url, context.req.method, (name) => context.req.header(name))\n",
    replace: "",
    tests: ["test/demo/site-actions.test.ts"],
  },
  {
    name: "demo: a port may be above 65535",
    file: "demo/read-arguments.ts",
    find: " && Number(port) < 65_536",
    replace: "",
    tests: ["test/demo/read-arguments.test.ts"],
  },
  {
    name: "demo: an argument without effect is accepted",
    file: "demo/read-arguments.ts",
    find: "(values.port !== undefined && values.serve !== true) || ",
    replace: "",
    tests: ["test/demo/read-arguments.test.ts"],
  },
  {
    name: "demo: the standard provider has no faults",
    file: "packages/testing/src/emulator/oidc.ts",
    find: "faults\n      .play(request, response)",
    replace: "Promise.resolve(false)",
    tests: ["test/emulator/faults.test.ts"],
  },
]
