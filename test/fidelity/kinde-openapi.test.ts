import { makeBrowser, startKinde } from "@latchkey/testing"
import { beforeAll, expect, it } from "vitest"
import { describeWithDocuments } from "./documents.ts"
import { managementSteps } from "./kinde-management-steps.ts"
import { makeValidator } from "./kinde-openapi.ts"
import { perform, seed } from "./kinde-sdk.ts"
import { userSteps } from "./kinde-user-steps.ts"
import type { Violation } from "./ory-openapi.ts"
import type { RecordedResponse } from "./sdk.ts"

/** Known differences between the vendor's documents and the emulator. */
const exceptions: ReadonlyArray<{ readonly where?: RegExp; readonly problem: RegExp; readonly reason: string }> = [
  {
    where: /^GET \/api\/v1\/users 404$/,
    problem: /^the status is not documented$/,
    reason: "the emulator does not manage users, and responds as the vendor does to an unknown route",
  },
]

/** Paths that are absent from the vendor's documents. */
const undocumented = /^\/(oauth2\/(auth|token)|\.well-known\/.*|login|logout|third_party\/authorize)$/

const where = ({ operation, status }: Violation) => `${operation} ${status}`

const isExcepted = (violation: Violation) =>
  exceptions.some((each) => (each.where?.test(where(violation)) ?? true) && each.problem.test(violation.problem))

const described = (violations: ReadonlyArray<Violation>) =>
  [...new Set(violations.map((each) => `${where(each)}: ${each.problem}`))].sort()

const tests = () => {
  const responses: Array<RecordedResponse> = []
  const violations: Array<Violation> = []
  beforeAll(async () => {
    await using emulator = await startKinde({ seed })
    const values = new Map<string, string>()
    const context = {
      emulator,
      browser: makeBrowser(),
      save: (name: string, value: unknown) => void values.set(name, String(value)),
      saved: (name: string) => values.get(name) ?? "",
    }
    const outcomes = await perform(context, [...managementSteps, ...userSteps])
    responses.push(...outcomes.flatMap((each) => each.responses))
    const violationsOf = makeValidator()
    violations.push(...responses.flatMap((each) => violationsOf(each) ?? []))
  })

  it("describe every response of the emulator, except for the listed exceptions", () => {
    expect(described(violations.filter((each) => !isExcepted(each)))).toEqual([])
  })

  it("do not allow an extra member, another type, another status or another content type", () => {
    const violationsOf = makeValidator()
    const headers = { "content-type": "application/json" }
    const response = { step: "", method: "GET", path: "/api/v1/connected_apps/token", status: 200, headers }
    const problems = (more: Partial<RecordedResponse>) =>
      violationsOf({ ...response, body: {}, ...more })?.map(({ problem }) => problem)
    const body = { access_token: "some-token", access_token_expiry: "2026-01-02T03:04:05Z" }
    expect(problems({ body })).toEqual([])
    expect(problems({ body: { ...body, odd: 1 } })).toEqual(["body must NOT have additional properties: odd"])
    expect(problems({ body: { ...body, access_token: 1 } })).toEqual(["body/access_token must be string"])
    expect(problems({ body, status: 201 })).toEqual(["the status is not documented"])
    expect(problems({ body, headers: { "content-type": "text/html" } })).toEqual([
      "the content type text/html is not documented",
    ])
  })

  it("contain every requested path, except those of authorization and discovery", () => {
    const violationsOf = makeValidator()
    const unknown = responses.filter((each) => violationsOf(each) === undefined).map(({ path }) => path)
    expect([...new Set(unknown)].filter((path) => !undocumented.test(path))).toEqual([])
  })

  it("are compared with every operation of applications, of their URLs and of connected apps", () => {
    const requested = new Set(responses.map(({ method, path }) => `${method} ${path.replace(/[0-9a-f]{32}/, "{id}")}`))
    const applications = "/api/v1/applications"
    const urls = ["auth_redirect_urls", "auth_logout_urls"].flatMap((list) =>
      ["GET", "POST", "PUT", "DELETE"].map((method) => `${method} ${applications}/{id}/${list}`),
    )
    for (const operation of [
      `GET ${applications}`,
      `POST ${applications}`,
      ...["GET", "PATCH", "DELETE"].map((method) => `${method} ${applications}/{id}`),
      `PATCH ${applications}/{id}/tokens`,
      ...urls,
      "GET /api/v1/connected_apps/auth_url",
      "GET /api/v1/connected_apps/token",
      "POST /api/v1/connected_apps/revoke",
      "GET /oauth2/user_profile",
      "GET /oauth2/v2/user_profile",
      "POST /oauth2/introspect",
      "POST /oauth2/revoke",
    ])
      expect(requested).toContain(operation)
  })

  it.each(exceptions)("still differ: $reason", (exception) => {
    const seen = violations.filter(
      (each) => (exception.where?.test(where(each)) ?? true) && exception.problem.test(each.problem),
    )
    expect(seen).not.toEqual([])
  })
}

describeWithDocuments("Kinde's OpenAPI documents", tests)
