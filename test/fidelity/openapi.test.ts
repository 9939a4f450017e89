import { type OryVersion, startOry } from "@latchkey/testing"
import { beforeAll, describe, expect, it } from "vitest"
import { document, haveDocument, makeJudge, type Violation } from "./openapi.ts"
import { type Place, perform, type Step } from "./sdk.ts"
import { deviceSteps } from "./sdk-device.ts"
import { sdkSteps } from "./sdk-steps.ts"

/** Where the vendor's document is wrong about the server, or about one release of it. */
const exceptions: ReadonlyArray<{ readonly where?: RegExp; readonly problem: RegExp; readonly reason: string }> = [
  {
    where: / 4\d\d$/,
    problem: /^body must (have required property 'message'|NOT have additional properties: error(_description)?)$/,
    reason: "it says genericError, where the server sends the same two members as everywhere",
  },
  { problem: /_lifespan must be string$/, reason: "lifespans that are not set are null" },
  { problem: /\/skip_logout_consent must be boolean$/, reason: "a choice that was not made is null" },
  {
    where: /^(POST|PUT|PATCH) .* 20[01]$/,
    problem: /^body\/(redirect_uris|grant_types|response_types|contacts) must be array$/,
    reason: "lists that were not sent, or sent as null, are null in the answer that repeats the client",
  },
  {
    where: /^GET \/admin\/oauth2\/auth\/requests\/logout 200$/,
    problem: /^body\/(expires_at|requested_at) must be string$/,
    reason: "a logout request has no times: they are null",
  },
  {
    where: /^GET \/userinfo 200$/,
    problem: /^body must NOT have additional properties: (acr|amr|aud|auth_time|iat|iss|rat)$/,
    reason: "it lists the claims about people only; those of the ID token come too",
  },
  {
    where: /^GET \/(oauth2\/(auth|device\/verify|sessions\/logout)) 302$/,
    problem: /^a body is not documented$/,
    reason: "a redirect has a line of HTML for browsers that do not follow it",
  },
  {
    where: /^GET \/oauth2\/auth 303$/,
    problem: /^the content type none is not documented$/,
    reason: "303 back to the client is not documented, so that the default answer, an error, seems to be meant",
  },
  {
    where: /^POST \/oauth2\/device\/auth 200$/,
    problem: /^body must NOT have additional properties: Header$/,
    reason: "newer releases write out a member of their own data structure",
  },
  {
    where: /^GET \/\.well-known\/openid-configuration 200$/,
    problem: /^body must have required property 'device_authorization_endpoint'$/,
    reason: "v2.3.0 has no device flow; the document is of a later release",
  },
]

const versions = ["v2.3.0", "v26.2.0"] as const

const where = ({ operation, status }: Violation) => `${operation} ${status}`

const isExcepted = (violation: Violation) =>
  exceptions.some((each) => (each.where?.test(where(violation)) ?? true) && each.problem.test(violation.problem))

const described = (violations: ReadonlyArray<Violation>) =>
  [...new Set(violations.map((each) => `${where(each)}: ${each.problem}`))].sort()

const judged = async (place: Place, steps: ReadonlyArray<Step>): Promise<ReadonlyArray<Violation>> => {
  const answers = await perform(place, steps)
  return answers.flatMap(makeJudge())
}

const emulated = async (version: OryVersion) => {
  await using emulator = await startOry({ version })
  return await judged(emulator, version === "v2.3.0" ? sdkSteps : [...sdkSteps, ...deviceSteps])
}

const tests = () => {
  const found = new Map<OryVersion, ReadonlyArray<Violation>>()
  beforeAll(async () => {
    for (const version of versions) found.set(version, await emulated(version))
  })

  it.each(versions)("describes every answer of the emulated %s, but for the listed exceptions", (version) => {
    expect(described((found.get(version) ?? []).filter((each) => !isExcepted(each)))).toEqual([])
  })

  it.each(exceptions)("is still wrong: $reason", (exception) => {
    const seen = [...found.values()]
      .flat()
      .filter((each) => (exception.where?.test(where(each)) ?? true) && exception.problem.test(each.problem))
    expect(seen).not.toEqual([])
  })
}

if (haveDocument || process.env.CI === "true") {
  describe("the vendor's OpenAPI document", tests)
} else {
  console.warn(`the vendor's OpenAPI document: left out, there is no ${document.pathname}`)
  describe.skip(`the vendor's OpenAPI document (left out: there is no ${document.pathname})`, tests)
}
