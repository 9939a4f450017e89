/** The login, consent and logout requests behind the challenges, converted to latchkey's records. */
import { z } from "zod"
import type { ConsentRequest, LoginRequest, LogoutRequest, Redirect } from "../../ports/consent.ts"
import { isHttpUrl } from "../oidc/kit.ts"
import { client } from "../oidc/operations/client-metadata.ts"

const strings = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? [])
const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined)

/** A URL that a browser may be sent to. Plain http is allowed: it may be the caller's own login screen on its machine. */
const browserUrl = z.string().refine((url) => isHttpUrl(url))

/** The URL of the first request, with which a login may begin again. That of a logout is a path. */
const firstUrl = z.string().refine((url) => isHttpUrl(url, "https://server.invalid"))

const login = z.looseObject({
  challenge: z.string(),
  subject: text,
  skip: z.boolean(),
  client,
  requested_scope: strings,
  requested_access_token_audience: strings,
  request_url: firstUrl,
  session_id: text,
  oidc_context: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((hints) => hints ?? {}),
})

const common = (wire: z.output<typeof login>): LoginRequest => ({
  handled: false,
  challenge: wire.challenge,
  ...(wire.subject !== undefined && { subject: wire.subject }),
  skip: wire.skip,
  client: wire.client,
  requestedScopes: wire.requested_scope,
  requestedAudience: wire.requested_access_token_audience,
  requestUrl: wire.request_url,
  ...(wire.session_id !== undefined && { sessionId: wire.session_id }),
  hints: wire.oidc_context,
})

export const loginRequest: z.ZodType<LoginRequest> = login.transform(common)

export const consentRequest: z.ZodType<ConsentRequest> = login
  .extend({
    skip: z.boolean().default(false),
    login_challenge: text,
    login_session_id: text,
    context: z.unknown().optional(),
  })
  .transform((wire) => ({
    ...common(wire),
    ...(wire.login_challenge !== undefined && { loginChallenge: wire.login_challenge }),
    ...(wire.login_session_id !== undefined && { loginSessionId: wire.login_session_id }),
    ...(wire.context !== undefined && wire.context !== null && { context: wire.context }),
  }))

export const logoutRequest: z.ZodType<LogoutRequest> = z
  .looseObject({
    challenge: z.string().nullish(),
    subject: text,
    sid: text,
    request_url: firstUrl.nullish().transform((value) => value || undefined),
    rp_initiated: z.boolean(),
    client: client.nullish(),
  })
  .transform((wire) => ({
    handled: false,
    challenge: wire.challenge ?? "",
    ...(wire.subject !== undefined && { subject: wire.subject }),
    ...(wire.sid !== undefined && { sessionId: wire.sid }),
    ...(wire.request_url !== undefined && { requestUrl: wire.request_url }),
    rpInitiated: wire.rp_initiated,
    ...(wire.client && { client: wire.client }),
  }))

export const redirect: z.ZodType<Redirect> = z
  .looseObject({ redirect_to: browserUrl })
  .transform((wire) => ({ redirectTo: wire.redirect_to }))
