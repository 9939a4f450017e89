/** The login, consent and logout challenges of the admin API. */
import * as Effect from "effect/Effect"
import type { z } from "zod"
import { toSeconds } from "../../internal/duration.ts"
import type { ConsentRequest, Handled, LoginRequest, LogoutRequest, Redirect, Reject } from "../../ports/consent.ts"
import type { Reason } from "../../ports/errors.ts"
import type { Operation } from "../../ports/provider.ts"
import type { Raws } from "../oidc/definition.ts"
import { decode } from "../oidc/http/json-response.ts"
import type { Admin } from "./admin.ts"
import { consentRequest, loginRequest, logoutRequest, redirect } from "./challenges.ts"

type Screen = "login" | "consent" | "logout"

const pathOf = (screen: Screen, decision: "" | "/accept" | "/reject" = "") =>
  `/admin/oauth2/auth/requests/${screen}${decision}`

/** Reads the request behind a challenge. For a challenge that was already handled, the response is 410 with a URL. */
const read = <A extends LoginRequest | ConsentRequest | LogoutRequest>(
  admin: Admin,
  operation: Operation,
  screen: Screen,
  challenge: string,
  schema: z.ZodType<A>,
): Effect.Effect<A | Handled, Reason> =>
  Effect.flatMap(
    admin.send({
      operation,
      method: "GET",
      path: pathOf(screen),
      query: { [`${screen}_challenge`]: challenge },
      ok: [200, 410],
    }),
    (response): Effect.Effect<A | Handled, Reason> =>
      response.status === 200
        ? decode(response, schema)
        : Effect.map(decode(response, redirect), ({ redirectTo }) => ({ handled: true, redirectTo })),
  )

const decide = (
  admin: Admin,
  operation: Operation,
  screen: Screen,
  decision: "/accept" | "/reject",
  challenge: string,
  json?: Readonly<Record<string, unknown>>,
): Effect.Effect<Redirect, Reason> =>
  admin.json(
    {
      operation,
      method: "PUT",
      path: pathOf(screen, decision),
      query: { [`${screen}_challenge`]: challenge },
      ...(json && { json }),
      ok: [200],
    },
    redirect,
  )

const rejection = ({ error, errorDescription, statusCode }: Reject) => ({
  error,
  error_description: errorDescription,
  status_code: statusCode,
})

export const challengeOperations = [
  "consent.getLogin",
  "consent.acceptLogin",
  "consent.rejectLogin",
  "consent.getConsent",
  "consent.acceptConsent",
  "consent.rejectConsent",
  "consent.getLogout",
  "consent.acceptLogout",
  "consent.rejectLogout",
] as const satisfies ReadonlyArray<Operation>

type ChallengeOperation = (typeof challengeOperations)[number]

/** @see https://www.ory.com/docs/oauth2-oidc/custom-login-consent/flow */
export const consent = (admin: Admin): Raws<ChallengeOperation> => ({
  "consent.getLogin": (challenge) => read(admin, "consent.getLogin", "login", challenge, loginRequest),
  "consent.acceptLogin": ({ challenge, subject, remember, rememberFor, extendSession, acr, amr, context, ...more }) =>
    decide(admin, "consent.acceptLogin", "login", "/accept", challenge, {
      subject,
      remember,
      remember_for: rememberFor && toSeconds(rememberFor),
      extend_session_lifespan: extendSession,
      acr,
      amr,
      context,
      identity_provider_session_id: more.identityProviderSessionId,
      force_subject_identifier: more.forceSubjectIdentifier,
    }),
  "consent.rejectLogin": (input) =>
    decide(admin, "consent.rejectLogin", "login", "/reject", input.challenge, rejection(input)),

  "consent.getConsent": (challenge) => read(admin, "consent.getConsent", "consent", challenge, consentRequest),
  "consent.acceptConsent": ({ challenge, grantScopes, grantAudience, session, remember, rememberFor, context }) =>
    decide(admin, "consent.acceptConsent", "consent", "/accept", challenge, {
      grant_scope: grantScopes,
      grant_access_token_audience: grantAudience,
      session: session && { access_token: session.accessToken, id_token: session.idToken },
      remember,
      remember_for: rememberFor && toSeconds(rememberFor),
      context,
    }),
  "consent.rejectConsent": (input) =>
    decide(admin, "consent.rejectConsent", "consent", "/reject", input.challenge, rejection(input)),

  "consent.getLogout": (challenge) => read(admin, "consent.getLogout", "logout", challenge, logoutRequest),
  "consent.acceptLogout": (challenge) => decide(admin, "consent.acceptLogout", "logout", "/accept", challenge),
  "consent.rejectLogout": (challenge) =>
    Effect.asVoid(
      admin.send({
        operation: "consent.rejectLogout",
        method: "PUT",
        path: pathOf("logout", "/reject"),
        query: { logout_challenge: challenge },
        ok: [204],
      }),
    ),
})
