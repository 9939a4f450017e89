import type { Fault } from "./fault.ts"

const file = "src/adapters/oidc/engine/service-token.ts"
const tests = ["test/kinde/management-token.test.ts"]

/** The token that an adapter fetches for itself. */
export const ownToken: ReadonlyArray<Fault> = [
  {
    name: "the own token is used until its very end",
    file,
    find: "renewAt: endsAt - margin(endsAt - since)",
    replace: "renewAt: endsAt - margin(0)",
    tests,
  },
  {
    name: "an own token is fetched for every call",
    file,
    find: "since <= Date.now() && Date.now() < end",
    replace: "since > Date.now() && Date.now() < end",
    tests,
  },
  {
    name: "an own token that could not be had is remembered as missing",
    file: "src/internal/refresh-ahead.ts",
    find: "        underWay = undefined\n",
    replace: "        if (Exit.isSuccess(exit)) underWay = undefined\n",
    tests,
  },
  {
    name: "the own token that another caller has fetched since is dropped with the refused one",
    file,
    find: "if (kept.last()?.accessToken === refused) kept.drop()",
    replace: 'if (refused !== "") kept.drop()',
    tests,
  },
  {
    name: "an own token that was never taken is fetched anew for every refusal",
    file,
    find: "((proven === own || Date.now() - since >= unproven) && Date.now() - futileAt >= unproven)",
    replace: "since + futileAt < unproven * Date.now()",
    tests: ["test/kinde/strange-answers.test.ts"],
  },
  {
    name: "an own token is fetched anew whatever went wrong",
    file,
    find: 'reason._tag !== "InvalidClient" || !mayHelp',
    replace: 'reason._tag === "NotFound"',
    tests,
  },
  {
    name: "an own token that was refused before its end is never fetched anew",
    file,
    find: 'reason._tag !== "InvalidClient" || !mayHelp',
    replace: 'reason._tag !== "NotFound" || !mayHelp',
    tests,
  },
]
