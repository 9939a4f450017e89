import type { Fault } from "./fault.ts"

const file = "src/adapters/oidc/engine/service-token.ts"
const tests = ["test/kinde/management-token.test.ts"]

/** The access token for a vendor's management API. */
export const serviceToken: ReadonlyArray<Fault> = [
  {
    name: "the service token is not refreshed before it expires",
    file,
    find: "refreshAt: expiresAt - margin(expiresAt - issuedAt)",
    replace: "refreshAt: expiresAt - margin(0)",
    tests,
  },
  {
    name: "the service token is fetched for every call",
    file,
    find: "issuedAt <= now && now < refreshAt,\n    isUsable: ({ issuedAt, expiresAt }, _, now) => issuedAt <= now &&",
    replace: "issuedAt > now && now < refreshAt,\n    isUsable: ({ issuedAt, expiresAt }, _, now) => issuedAt > now &&",
    tests,
  },
  {
    name: "a failed fetch of the service token is cached",
    file: "src/internal/kept-value.ts",
    find: "    this.flight = undefined\n",
    replace: "    if (Exit.isSuccess(exit)) this.flight = undefined\n",
    tests,
  },
  {
    name: "a newer service token is dropped when an older one is rejected",
    file,
    find: "            if (token.current()?.accessToken !== current.accessToken) return retried(call)\n",
    replace: "",
    tests,
  },
  {
    name: "a service token that was never accepted is fetched again for every rejection",
    file,
    find: "((acceptedToken === accessToken || ageOf(issuedAt, now) >= unprovenFor) &&\n      ageOf(replacementRejectedAt, now) >= unprovenFor)",
    replace: "now >= issuedAt",
    tests: ["test/kinde/unexpected-responses.test.ts"],
  },
  {
    name: "the service token is fetched again after any failure",
    file,
    find: 'reason._tag !== "InvalidClient" || !canReplace(current, now)',
    replace: 'reason._tag === "NotFound"',
    tests,
  },
  {
    name: "a service token that is rejected before it expires is never fetched again",
    file,
    find: 'reason._tag !== "InvalidClient" || !canReplace(current, now)',
    replace: 'reason._tag !== "NotFound" || !canReplace(current, now)',
    tests,
  },
]
