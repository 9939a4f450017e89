/** What the login screens, trusted issuers and connected apps may be given. */
import { z } from "zod"
import type { Operation } from "../../../ports/provider.ts"
import {
  anyJson,
  byText,
  count,
  date,
  id,
  options,
  page,
  publicKey,
  record,
  type Schemas,
  scopes,
  text,
  texts,
} from "./fields.ts"

const reject = () =>
  z.strictObject({
    challenge: text,
    error: text,
    errorDescription: z.string().optional(),
    statusCode: z.number().int().min(400).max(599).optional(),
  })
const remember = () => ({
  remember: z.boolean().optional(),
  rememberFor: count.optional(),
  context: anyJson.optional(),
})

/** Its name is how the vendor finds it again. */
const trustedKey = () =>
  publicKey.refine((jwk) => typeof jwk.kid === "string" && jwk.kid !== "", {
    path: ["kid"],
    message: "required",
  })

export const screenArguments: Schemas<
  Extract<Operation, `consent.${string}` | `trust.${string}` | `connectedApps.${string}`>
> = {
  "consent.getLogin": byText,
  "consent.acceptLogin": () => [
    z.strictObject({
      challenge: text,
      subject: text,
      ...remember(),
      extendSession: z.boolean().optional(),
      acr: z.string().optional(),
      amr: texts.optional(),
      identityProviderSessionId: text.optional(),
      forceSubjectIdentifier: text.optional(),
    }),
    options,
  ],
  "consent.rejectLogin": () => [reject(), options],
  "consent.getConsent": byText,
  "consent.acceptConsent": () => [
    z.strictObject({
      challenge: text,
      grantScopes: scopes,
      grantAudience: texts.optional(),
      session: z.strictObject({ accessToken: record.optional(), idToken: record.optional() }).optional(),
      ...remember(),
    }),
    options,
  ],
  "consent.rejectConsent": () => [reject(), options],
  "consent.getLogout": byText,
  "consent.acceptLogout": byText,
  "consent.rejectLogout": byText,
  "consent.listSessions": () => [z.strictObject({ ...page, subject: text, loginSessionId: text.optional() }), options],
  "consent.revokeSessions": () => [
    z.union([
      z.strictObject({ subject: text, client: text }),
      z.strictObject({ subject: text, all: z.literal(true) }),
      z.strictObject({ consentRequestId: text }),
    ]),
    options,
  ],
  "consent.revokeLoginSessions": () => [
    z.union([z.strictObject({ subject: text }), z.strictObject({ sessionId: text })]),
    options,
  ],
  "trust.create": () => [
    z.union([
      z.strictObject({
        issuer: text,
        scopes,
        jwk: trustedKey(),
        expiresAt: date,
        subject: text,
      }),
      z.strictObject({
        issuer: text,
        scopes,
        jwk: trustedKey(),
        expiresAt: date,
        anySubject: z.literal(true),
      }),
    ]),
    options,
  ],
  "trust.get": () => [id, options],
  "trust.list": () => [z.strictObject({ ...page, issuer: text.optional() }).optional(), options],
  "trust.remove": () => [id, options],
  "connectedApps.authUrl": () => [
    z.union([
      z.strictObject({ app: text, callbackUrl: z.url().optional(), userId: text }),
      z.strictObject({ app: text, callbackUrl: z.url().optional(), organization: text }),
    ]),
    options,
  ],
  "connectedApps.token": byText,
  "connectedApps.revoke": byText,
}
