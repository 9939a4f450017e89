import type { Fault } from "./fault.ts"

const file = "src/adapters/oidc/engine/service-token.ts"
const tests = ["test/kinde/management-token.test.ts"]

/** The access token for a vendor's management API. */
export const serviceToken: ReadonlyArray<Fault> = [
  {
    name: "the service token is not refreshed before it expires",
    file,
    find: "renewAt: endsAt - margin(endsAt - since)",
    replace: "renewAt: endsAt - margin(0)",
    tests,
  },
  {
    name: "the service token is fetched for every call",
    file,
    find: "since <= Date.now() && Date.now() < end",
    replace: "since > Date.now() && Date.now() < end",
    tests,
  },
  {
    name: "a failed fetch of the service token is cached",
    file: "src/internal/refresh-ahead.ts",
    find: "        underWay = undefined\n",
    replace: "        if (Exit.isSuccess(exit)) underWay = undefined\n",
    tests,
  },
  {
    name: "a newer service token is dropped when an older one is rejected",
    file,
    find: "if (kept.last()?.accessToken === refused) kept.drop()",
    replace: 'if (refused !== "") kept.drop()',
    tests,
  },
  {
    name: "a service token that was never accepted is fetched again for every rejection",
    file,
    find: "((proven === own || Date.now() - since >= unproven) && Date.now() - futileAt >= unproven)",
    replace: "since + futileAt < unproven * Date.now()",
    tests: ["test/kinde/unexpected-responses.test.ts"],
  },
  {
    name: "the service token is fetched again after any failure",
    file,
    find: 'reason._tag !== "InvalidClient" || !mayHelp',
    replace: 'reason._tag === "NotFound"',
    tests,
  },
  {
    name: "a service token that is rejected before it expires is never fetched again",
    file,
    find: 'reason._tag !== "InvalidClient" || !mayHelp',
    replace: 'reason._tag !== "NotFound" || !mayHelp',
    tests,
  },
]
