/**
 * Lists the checks of an introspection response. `tokenState` decides; this file prints the values that it compares.
 */
import type * as Fiber from "effect/Fiber"
import { printDuration } from "../../../internal/duration.ts"
import { Explaining, explained } from "../../../internal/explaining.ts"
import { jwtHeader } from "../../../internal/jwt-header.ts"
import { AudienceIsSigned } from "../../../internal/signed-audience.ts"
import { firstPresent } from "../../../internal/token-members.ts"
import { maxTokenLength } from "../../../internal/token-text.ts"
import type { ExplainedCheck } from "../../../ports/explanation.ts"
import type { TransportResponse } from "../../../ports/transport.ts"
import type { Settings } from "../configuration/settings.ts"
import type { Engine } from "../engine/engine.ts"
import { type Json, jsonObject } from "../http/json-response.ts"
import { encodedForms, isTooLongToFind, sharedParts } from "../http/secret-parts.ts"
import { isTokenIssuer, type Server, tokenIssuers } from "../server.ts"
import { introspectedKind } from "./introspected-kind.ts"
import { dateOf, endOf, firstInvalidMember, isPresent, listOf, namesOf } from "./introspection-members.ts"
import { acceptsAudience, isForServer } from "./introspection-response.ts"

interface Introspected {
  readonly response: TransportResponse
  readonly token: string
  readonly expect: "access_token" | "refresh_token"
  /** Values that no check may contain. */
  readonly secrets: () => ReadonlyArray<string>
}

type CallFiber = Fiber.Fiber<unknown, unknown>

/** Reports to `explain` that a token is not sent, because no server issues such a token. */
export const reportUnsendable = (fiber: CallFiber): void =>
  fiber.getRef(Explaining)?.([
    explained(
      "token.format",
      false,
      `visible ASCII characters, at least one and at most ${maxTokenLength}`,
      "other characters, or another length",
    ),
  ])

/** Reports the checks of an introspection response to `explain`. Does nothing for any other call. */
export const reportResponse = (fiber: CallFiber, introspected: Introspected, { settings, server, secrets }: Engine) => {
  const report = fiber.getRef(Explaining)
  if (report === undefined) return
  const checks = checksOf(introspected, settings, server, fiber.getRef(AudienceIsSigned))
  report(checks.map(withoutSecrets([...secrets, introspected.token, ...introspected.secrets()])))
}

/** Lists the checks up to the first failed one on which the others depend. */
const checksOf = (
  introspected: Introspected,
  settings: Settings,
  server: Server,
  audienceIsSigned: boolean,
): ReadonlyArray<ExplainedCheck> => {
  const { response } = introspected
  const status = explained("response.status", response.status === 200, "200", String(response.status))
  if (response.status !== 200) return [status]
  const raw = jsonObject(response)
  const type = response.headers["content-type"]
  const json = explained("response.json", raw !== undefined, "a JSON object", type ?? "no content type")
  if (raw === undefined) return [status, json]
  const active = explained("response.active", raw.active === true, "true", raw.active ?? "absent")
  if (raw.active !== true) return [status, json, active]
  return [status, json, active, ...memberChecks(raw, introspected, settings, server, audienceIsSigned)]
}

const memberChecks = (
  raw: Json,
  { token, expect }: Introspected,
  { audience: accepted, clockSkew }: Settings,
  server: Server,
  /** Whether the signed token has an accepted audience, so that the response may omit it. */
  audienceIsSigned: boolean,
): ReadonlyArray<ExplainedCheck> => {
  const names = namesOf(server.token)
  const invalidMember = firstInvalidMember(raw, names)
  if (invalidMember !== undefined)
    return [explained("response.members", false, `a value of its type in ${invalidMember}`, raw[invalidMember])]
  const now = Date.now()
  const [end, start] = [endOf(raw), dateOf(raw.nbf)]
  const skew = clockSkew
  const isCurrent =
    (end === undefined || end.getTime() + skew > now) && (start === undefined || start.getTime() - skew <= now)
  const audience = listOf(firstPresent(raw, names.audience))
  const subject = { token, members: raw, header: () => jwtHeader(token), isAnswer: true }
  const use = introspectedKind(subject, server.token, expect)
  return [
    explained(
      "response.times",
      isCurrent,
      `exp after, nbf before ${new Date(now).toISOString()}, with ${printDuration(clockSkew)} of clock skew`,
      `exp ${end?.toISOString() ?? "absent"}, nbf ${start?.toISOString() ?? "absent"}`,
    ),
    explained(
      "response.issuer",
      !isPresent(raw.iss) || isTokenIssuer(server, raw.iss),
      tokenIssuers(server).join(" or "),
      isPresent(raw.iss) ? raw.iss : "absent",
    ),
    explained(
      "response.audience",
      acceptsAudience(audience, accepted) ||
        isForServer(server, audience, use) ||
        (audience.length === 0 && audienceIsSigned),
      accepted === undefined || accepted === "any" ? "any" : `one of ${accepted.join(", ")}`,
      audience.length === 0 ? "absent" : audience.join(", "),
    ),
    explained(
      "response.kind",
      use === expect,
      expect,
      use === "unshown"
        ? "not shown: see token.jwt in the configuration"
        : (use ?? "not told: see token.kind in the configuration"),
    ),
  ]
}

/** Removes a value with a secret, or with a part of one: a server may send back what it received. */
const withoutSecrets = (secrets: ReadonlyArray<string>): ((check: ExplainedCheck) => ExplainedCheck) => {
  const isAnyTooLong = isTooLongToFind(secrets)
  const forms = isAnyTooLong ? [] : encodedForms(secrets).map((form) => form.toLowerCase())
  const holdsSecret = (text: string): boolean =>
    isAnyTooLong || forms.some((form) => text.includes(form)) || sharedParts(text, forms).size > 0
  return (check) =>
    check.found !== undefined && holdsSecret(check.found.toLowerCase()) ? { ...check, found: "[redacted]" } : check
}
