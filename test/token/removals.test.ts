/** Takes each datum out of each definition: a documented token must be judged otherwise, or a request must differ. */
import type { Server } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { type Name, names, opened } from "./definitions.ts"
import { documentedRequests } from "./documented-requests.ts"
import { documented } from "./documented-tokens.ts"
import { expectDocumented, judge } from "./judge.ts"
import { isRemoved } from "./not-removed.ts"
import { requestsOf } from "./requests-of.ts"
import { dataOf, without } from "./without-datum.ts"

const data = names.flatMap((name) =>
  dataOf(opened(name).server)
    .filter((path) => isRemoved(name, path))
    .map((path) => [name, path.join("."), path] as const),
)

/** The usual client authentication stands for "none configured": without it the other one is used. */
const changed = (name: Name, path: ReadonlyArray<string>): Server => {
  const { server } = opened(name)
  const isUsual = path[0] === "clientAuth" && documentedRequests[name].client === "basic"
  return isUsual ? { ...server, clientAuth: "client_secret_post" } : (without(server, path) as Server)
}

describe("a definition", () => {
  test("has data to be taken out", () => {
    expect(data.length).toBeGreaterThan(150)
  })

  test.each(data)("of %s without %s is noticed", async (name, _, path) => {
    const server = changed(name, path)
    if (path[0] !== "token") return expect(await requestsOf(name, server)).not.toEqual(documentedRequests[name])
    const judged = await Promise.all(
      documented[name].tokens.map(async (token) => {
        const result = await judge(name, token, { server })
        try {
          expectDocumented(token, result)
          return true
        } catch {
          return false
        }
      }),
    )
    expect(judged).toContain(false)
  })
})
