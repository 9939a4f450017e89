/** Consent sessions and login sessions of users, with the admin API. */
import * as Effect from "effect/Effect"
import { z } from "zod"
import type { ConsentSession } from "../../ports/consent.ts"
import type { Operation } from "../../ports/provider.ts"
import type { Raws } from "../oidc/definition.ts"
import type { Admin, AdminCall } from "./admin.ts"
import { consentRequest } from "./challenges.ts"
import { nextOffset, page } from "./pages.ts"

const path = "/admin/oauth2/auth/sessions"

const strings = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? [])
const claims = z.record(z.string(), z.unknown()).nullish()

const session: z.ZodType<ConsentSession> = z
  .looseObject({
    // Older releases send neither this id nor a challenge in the request.
    consent_request_id: z.string().nullish(),
    grant_scope: strings,
    grant_access_token_audience: strings,
    session: z.looseObject({ access_token: claims, id_token: claims }).nullish(),
    remember: z.boolean().nullish(),
    remember_for: z.number().nullish(),
    handled_at: z.string().nullish(),
    context: z.unknown().optional(),
    consent_request: consentRequest.nullish().catch(undefined),
  })
  .transform((wire) => {
    const handledAt = Date.parse(wire.handled_at ?? "")
    return {
      ...(wire.consent_request_id && { consentRequestId: wire.consent_request_id }),
      grantScopes: wire.grant_scope,
      grantAudience: wire.grant_access_token_audience,
      session: {
        ...(wire.session?.access_token && { accessToken: wire.session.access_token }),
        ...(wire.session?.id_token && { idToken: wire.session.id_token }),
      },
      remember: wire.remember === true,
      ...(typeof wire.remember_for === "number" && { rememberForSeconds: wire.remember_for }),
      ...(handledAt > 0 && { handledAt: new Date(handledAt) }),
      ...(wire.context !== undefined && wire.context !== null && { context: wire.context }),
      ...(wire.consent_request && { request: wire.consent_request }),
    }
  })

const revoke = (admin: Admin, call: Pick<AdminCall, "operation" | "path" | "query">) =>
  Effect.asVoid(admin.send({ ...call, method: "DELETE", ok: [204] }))

export const sessionOperations = [
  "consent.listSessions",
  "consent.revokeSessions",
  "consent.revokeLoginSessions",
] as const satisfies ReadonlyArray<Operation>

type SessionOperation = (typeof sessionOperations)[number]

/** @see https://www.ory.com/docs/reference/api */
export const sessions = (admin: Admin): Raws<SessionOperation> => ({
  "consent.listSessions": ({ subject, loginSessionId, ...query }) =>
    page(
      admin,
      {
        operation: "consent.listSessions",
        path: `${path}/consent`,
        query: { subject, login_session_id: loginSessionId },
      },
      query,
      session,
      nextOffset,
    ),
  "consent.revokeSessions": (input) =>
    revoke(admin, {
      operation: "consent.revokeSessions",
      path: `${path}/consent`,
      query:
        "consentRequestId" in input
          ? { consent_request_id: input.consentRequestId }
          : { subject: input.subject, ...("all" in input ? { all: "true" } : { client: input.client }) },
    }),
  "consent.revokeLoginSessions": (input) =>
    revoke(admin, {
      operation: "consent.revokeLoginSessions",
      path: `${path}/login`,
      query: "subject" in input ? { subject: input.subject } : { sid: input.sessionId },
    }),
})
