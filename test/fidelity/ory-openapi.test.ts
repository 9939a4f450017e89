import { type OryVersion, startOry } from "@latchkey/testing"
import { beforeAll, expect, it } from "vitest"
import { describeWithDocuments } from "./documents.ts"
import { makeValidator, type Violation } from "./ory-openapi.ts"
import { perform, type ServerUrls, type Step } from "./sdk.ts"
import { deviceSteps } from "./sdk-device.ts"
import { sdkSteps } from "./sdk-steps.ts"

/** Where the vendor's document is wrong about the server, or about one release of it. */
const exceptions: ReadonlyArray<{ readonly where?: RegExp; readonly problem: RegExp; readonly reason: string }> = [
  {
    where: / 4\d\d$/,
    problem: /^body must (have required property 'message'|NOT have additional properties: error(_description)?)$/,
    reason: "the document specifies genericError, and the server sends the same two members as in every error",
  },
  { problem: /_lifespan must be string$/, reason: "unset lifespans are null" },
  { problem: /\/skip_logout_consent must be boolean$/, reason: "an unset flag is null" },
  {
    where: /^(POST|PUT|PATCH) .* 20[01]$/,
    problem: /^body\/(redirect_uris|grant_types|response_types|contacts) must be array$/,
    reason: "lists that were absent or null in the request are null in the response",
  },
  {
    where: /^GET \/admin\/oauth2\/auth\/requests\/logout 200$/,
    problem: /^body\/(expires_at|requested_at) must be string$/,
    reason: "a logout request has no times: they are null",
  },
  {
    where: /^GET \/userinfo 200$/,
    problem: /^body must NOT have additional properties: (acr|amr|aud|auth_time|iat|iss|rat)$/,
    reason: "the document lists only claims about people, and the server also returns those of the ID token",
  },
  {
    where: /^GET \/(oauth2\/(auth|device\/verify|sessions\/logout)) 302$/,
    problem: /^a body is not documented$/,
    reason: "a redirect has a line of HTML as body, for browsers that do not follow it",
  },
  {
    where: /^GET \/oauth2\/auth 303$/,
    problem: /^the content type none is not documented$/,
    reason: "a 303 redirect to the client is not documented, so the default response, an error, applies",
  },
  {
    where: /^POST \/oauth2\/device\/auth 200$/,
    problem: /^body must NOT have additional properties: Header$/,
    reason: "newer releases return a member of an internal data structure",
  },
  {
    where: /^GET \/\.well-known\/openid-configuration 200$/,
    problem: /^body must have required property 'device_authorization_endpoint'$/,
    reason: "v2.3.0 has no device flow, and the document is of a later release",
  },
]

const versions = ["v2.3.0", "v26.2.0"] as const

const where = ({ operation, status }: Violation) => `${operation} ${status}`

const isExcepted = (violation: Violation) =>
  exceptions.some((each) => (each.where?.test(where(violation)) ?? true) && each.problem.test(violation.problem))

const described = (violations: ReadonlyArray<Violation>) =>
  [...new Set(violations.map((each) => `${where(each)}: ${each.problem}`))].sort()

const violationsOf = async (urls: ServerUrls, steps: ReadonlyArray<Step>): Promise<ReadonlyArray<Violation>> => {
  const responses = await perform(urls, steps)
  return responses.flatMap(makeValidator())
}

const emulated = async (version: OryVersion) => {
  await using emulator = await startOry({ version })
  return await violationsOf(emulator, version === "v2.3.0" ? sdkSteps : [...sdkSteps, ...deviceSteps])
}

const tests = () => {
  const violations = new Map<OryVersion, ReadonlyArray<Violation>>()
  beforeAll(async () => {
    for (const version of versions) violations.set(version, await emulated(version))
  })

  it.each(versions)("describes every response of the emulated %s, except for the listed exceptions", (version) => {
    expect(described((violations.get(version) ?? []).filter((each) => !isExcepted(each)))).toEqual([])
  })

  it.each(exceptions)("is still wrong: $reason", (exception) => {
    const seen = [...violations.values()]
      .flat()
      .filter((each) => (exception.where?.test(where(each)) ?? true) && exception.problem.test(each.problem))
    expect(seen).not.toEqual([])
  })
}

describeWithDocuments("Ory's OpenAPI document", tests)
