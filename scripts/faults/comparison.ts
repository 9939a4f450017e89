import type { Fault } from "./fault.ts"

const run = ["test/docs/comparison.test.ts"]
const parts = ["test/docs/comparison-parts.test.ts"]

/** The page that compares latchkey with other packages, and the commands behind it. */
export const comparisonFaults: ReadonlyArray<Fault> = [
  {
    name: "the comparison says that openid-client accepts a callback without `iss`",
    file: "docs/comparison.md",
    find: "which the vendor announces | not logged in | 400 | 500 |",
    replace: "which the vendor announces | not logged in | 400 | **200, logged in** |",
    tests: run,
  },
  {
    name: "the vendor of the compared logins does not check PKCE",
    file: "scripts/compare/logins/vendor.ts",
    find: 'isSame && grant?.challenge === challengeOf(form.get("code_verifier") ?? "") ? grant',
    replace: 'isSame && challengeOf(form.get("code_verifier") ?? "") !== "" ? grant',
    tests: run,
  },
  {
    name: "the compared login with openid-client keeps the session from before the login",
    file: "scripts/compare/logins/openid-client.ts",
    find: "    await promisify(request.session.regenerate.bind(request.session))()\n",
    replace: "    await promisify((done: (error: null) => void) => done(null))()\n",
    tests: run,
  },
  {
    name: "the comparison finds no name of openid-client for PAR",
    file: "scripts/compare/exports.ts",
    find: "/(PAR|JAR)$/",
    replace: "/^(PAR|JAR)$/",
    tests: run,
  },
  {
    name: "the comparison calls a login right that must not be",
    file: "scripts/compare/judge.ts",
    find: "isLoggedIn(right) === isLoggedIn(cell) && ",
    replace: "(isLoggedIn(right) || isLoggedIn(cell) || true) && ",
    tests: parts,
  },
  {
    name: "the comparison calls any status right",
    file: "scripts/compare/judge.ts",
    find: "statuses.length === 0 ||",
    replace: "statuses.length >= 0 ||",
    tests: parts,
  },
  {
    name: "the comparison passes without a Better Auth that it requires",
    file: "scripts/compare/better-auth.ts",
    find: "if (isRequired) throw",
    replace: 'if (isRequired && installed.missing === "") throw',
    tests: parts,
  },
  {
    name: "the comparison omits Better Auth without a message",
    file: "scripts/compare/better-auth.ts",
    find: "  console.warn(`The comparison",
    replace: "  void (`The comparison",
    tests: parts,
  },
  {
    name: "the comparison writes its table over the rest of the page",
    file: "scripts/compare/table.ts",
    find: "return before + toMarkdown(table) + after",
    replace: "return before + toMarkdown(table)",
    tests: parts,
  },
]
