/** Schemas of the arguments for login screens, trusted issuers and connected apps. */
import { z } from "zod"
import type { Operation } from "../../../ports/provider.ts"
import { wholeSeconds } from "../configuration/duration.ts"
import {
  anyJson,
  date,
  id,
  nonEmptyString,
  nonEmptyStrings,
  options,
  page,
  publicKey,
  record,
  type Schemas,
  scopes,
  shortString,
  stringAndOptions,
} from "./fields.ts"

const reject = () =>
  z.strictObject({
    challenge: nonEmptyString,
    error: shortString,
    errorDescription: z.string().optional(),
    statusCode: z.number().int().min(400).max(599).optional(),
  })
const remember = () => ({
  remember: z.boolean().optional(),
  rememberFor: wholeSeconds.optional(),
  context: anyJson.optional(),
})

/** A key with a `kid`, because the vendor selects the key by it. */
const trustedKey = () =>
  publicKey.refine((jwk) => typeof jwk.kid === "string" && jwk.kid !== "", {
    path: ["kid"],
    message: "required",
  })

export const consentArguments: Schemas<
  Extract<Operation, `consent.${string}` | `trust.${string}` | `connectedApps.${string}`>
> = {
  "consent.getLogin": stringAndOptions,
  "consent.acceptLogin": () => [
    z.strictObject({
      challenge: nonEmptyString,
      subject: shortString,
      ...remember(),
      extendSession: z.boolean().optional(),
      acr: z.string().optional(),
      amr: nonEmptyStrings.optional(),
      identityProviderSessionId: shortString.optional(),
      forceSubjectIdentifier: shortString.optional(),
    }),
    options,
  ],
  "consent.rejectLogin": () => [reject(), options],
  "consent.getConsent": stringAndOptions,
  "consent.acceptConsent": () => [
    z.strictObject({
      challenge: nonEmptyString,
      grantScopes: scopes,
      grantAudience: nonEmptyStrings.optional(),
      session: z.strictObject({ accessToken: record.optional(), idToken: record.optional() }).optional(),
      ...remember(),
    }),
    options,
  ],
  "consent.rejectConsent": () => [reject(), options],
  "consent.getLogout": stringAndOptions,
  "consent.acceptLogout": stringAndOptions,
  "consent.rejectLogout": stringAndOptions,
  "consent.listSessions": () => [
    z.strictObject({ ...page, subject: shortString, loginSessionId: shortString.optional() }),
    options,
  ],
  "consent.revokeSessions": () => [
    z.union([
      z.strictObject({ subject: shortString, client: shortString }),
      z.strictObject({ subject: shortString, all: z.literal(true) }),
      z.strictObject({ consentRequestId: shortString }),
    ]),
    options,
  ],
  "consent.revokeLoginSessions": () => [
    z.union([z.strictObject({ subject: shortString }), z.strictObject({ sessionId: shortString })]),
    options,
  ],
  "trust.create": () => [
    z.union([
      z.strictObject({
        issuer: shortString,
        scopes,
        jwk: trustedKey(),
        expiresAt: date,
        subject: shortString,
      }),
      z.strictObject({
        issuer: shortString,
        scopes,
        jwk: trustedKey(),
        expiresAt: date,
        anySubject: z.literal(true),
      }),
    ]),
    options,
  ],
  "trust.get": () => [id, options],
  "trust.list": () => [z.strictObject({ ...page, issuer: shortString.optional() }).optional(), options],
  "trust.remove": () => [id, options],
  "connectedApps.authUrl": () => [
    z.union([
      z.strictObject({ app: nonEmptyString, callbackUrl: z.url().optional(), userId: nonEmptyString }),
      z.strictObject({ app: nonEmptyString, callbackUrl: z.url().optional(), organization: nonEmptyString }),
    ]),
    options,
  ],
  "connectedApps.token": stringAndOptions,
  "connectedApps.revoke": stringAndOptions,
}
