import type { Fault } from "./fault.ts"

const file = "src/adapters/oidc/own-token.ts"
const tests = ["test/kinde/management-token.test.ts"]

/** The token that an adapter fetches for itself. */
export const ownToken: ReadonlyArray<Fault> = [
  {
    name: "the own token is used until its very end",
    file,
    find: "Math.max(0, life - margin(life))",
    replace: "Math.max(0, life)",
    tests,
  },
  {
    name: "an own token is fetched for every call",
    file,
    find: "Exit.isSuccess(exit) ? left(exit.value) : Duration.zero",
    replace: "Exit.isSuccess(exit) ? Duration.zero : Duration.zero",
    tests,
  },
  {
    name: "an own token that could not be had is remembered as missing",
    file,
    find: "left(exit.value) : Duration.zero",
    replace: "left(exit.value) : Duration.minutes(5)",
    tests,
  },
  {
    name: "the own token that another caller has fetched since is dropped with the refused one",
    file,
    find: "({ accessToken }) => accessToken === refused)",
    replace: '({ accessToken }) => accessToken !== "" || refused === "")',
    tests,
  },
  {
    name: "an own token that was never taken is fetched anew for every refusal",
    file,
    find: "(proven === own || newest.last()?.accessToken !== own || Date.now() - since >= unproven)",
    replace: "since > unproven",
    tests: ["test/kinde/strange-answers.test.ts"],
  },
  {
    name: "an own token is fetched anew whatever went wrong",
    file,
    find: 'reason._tag === "InvalidClient" &&\n            (',
    replace: 'reason._tag !== "NotFound" && (Date.now() > 0 || ',
    tests,
  },
  {
    name: "an own token that was refused before its end is never fetched anew",
    file,
    find: 'reason._tag === "InvalidClient" &&',
    replace: 'reason._tag === "NotFound" &&',
    tests,
  },
]
