/** What every operation may be given: checked strictly, once, for every adapter. */
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import { z } from "zod"
import type { Reason } from "../../ports/errors.ts"
import type { Operation } from "../../ports/provider.ts"

const text = z.string().min(1)
const texts = z.array(text)
/** RFC 6749 section 3.3: no spaces, so that a list of scopes stays a list. */
const scopes = z.array(
  z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, "expected a scope of printable characters without spaces"),
)
const count = z.number().int().nonnegative()
const record = z.record(z.string(), z.unknown())
const redacted = z.custom<Redacted.Redacted<string>>(Redacted.isRedacted, "expected a Redacted string")
const date = z.date()

const call = {
  timeout: z
    .custom<Duration.Input>((value) => {
      try {
        return Duration.toMillis(Duration.fromInputUnsafe(value as Duration.Input)) > 0
      } catch {
        return false
      }
    }, 'expected a positive duration, such as "2 seconds" or 2000 (milliseconds)')
    .optional(),
  retry: z.literal(false).optional(),
}
const options = z.strictObject(call).optional()
const nothing = z.strictObject({}).optional()
const page = { cursor: text.optional(), pageSize: z.number().int().min(1).max(500).optional() }

const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: text })) })
const newClient = {
  name: z.string(),
  redirectUris: texts,
  postLogoutRedirectUris: texts,
  grantTypes: texts,
  responseTypes: texts,
  scopes,
  audience: texts,
  tokenEndpointAuthMethod: z.enum(["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]),
  jwks: keySet,
  jwksUri: z.url(),
  secret: z.union([text, redacted]),
  metadata: record,
  extra: record,
}
const clientRecord = z.strictObject(newClient).partial()
const changes = z.strictObject(
  Object.fromEntries(Object.entries(newClient).map(([name, schema]) => [name, schema.nullish()])),
)
const client = z.union([text, z.looseObject({ clientId: text, raw: record })], "expected a client id or a Client")
const registered = z.looseObject(
  { clientId: text, registration: z.looseObject({ token: redacted, uri: redacted }) },
  "expected a Client with its registration token",
)

const lifespans = z
  .strictObject({ accessToken: count.optional(), idToken: count.optional(), refreshToken: count.optional() })
  .optional()
const grants = z.strictObject({
  authorization_code: lifespans,
  client_credentials: lifespans,
  device_code: lifespans,
  implicit: lifespans,
  jwt_bearer: lifespans,
  refresh_token: lifespans,
})

const grantRequest = z.strictObject({ scopes: scopes.optional(), audience: texts.optional() }).optional()
const reject = z.strictObject({
  challenge: text,
  error: text,
  errorDescription: z.string().optional(),
  statusCode: z.number().int().min(400).max(599).optional(),
})
const remember = { remember: z.boolean().optional(), rememberFor: count.optional(), context: z.unknown().optional() }
const byId = [text, options]

/** The schemas of each operation's arguments, options last. */
const schemas: Readonly<Record<Operation, ReadonlyArray<z.ZodType>>> = {
  authorize: [
    z.strictObject({
      scopes: scopes.optional(),
      offline: z.boolean().optional(),
      redirectUri: z.url().optional(),
      prompt: z.enum(["none", "login", "consent", "select_account", "create"]).optional(),
      loginHint: text.optional(),
      extra: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
    }),
    options,
  ],
  exchange: [
    z.union([text, z.instanceof(URL)]),
    z.looseObject({
      provider: text,
      issuer: text,
      state: text,
      nonce: text,
      verifier: text,
      redirectUri: z.url(),
      scopes,
      created: z.number(),
    }),
    options,
  ],
  refresh: [text, z.strictObject({ ...call, scopes: scopes.optional() }).optional()],
  clientCredentials: [grantRequest, options],
  deviceAuthorization: [grantRequest, options],
  pollDevice: [z.looseObject({ deviceCode: text, expiresAt: date, interval: count, scopes: scopes }), options],
  jwtBearer: [text, z.strictObject({ ...call, scopes: scopes.optional() }).optional()],
  introspect: [
    z.string(),
    z
      .strictObject({
        ...call,
        freshness: z
          .union([z.enum(["local", "live"]), z.strictObject({ maxAge: z.number().nonnegative() })])
          .optional(),
        expect: z.enum(["access_token", "refresh_token"]).optional(),
      })
      .optional(),
  ],
  revoke: byId,
  userInfo: [text, z.strictObject({ ...call, expectedSubject: text.optional() }).optional()],
  "clients.create": [z.strictObject({ ...newClient, clientId: text }).partial(), options],
  "clients.get": [client, options],
  "clients.list": [z.strictObject({ ...page, name: text.optional(), owner: text.optional() }).optional(), options],
  "clients.replace": [z.strictObject({ client, record: clientRecord }), options],
  "clients.patch": [z.strictObject({ client, changes }), options],
  "clients.remove": [client, options],
  "clients.rotateSecret": [client, options],
  "clients.setLifespans": [z.strictObject({ client, lifespans: grants.partial() }), options],
  "clients.revokeTokens": [client, options],
  "registration.register": [clientRecord, options],
  "registration.read": [registered, options],
  "registration.update": [z.strictObject({ client: registered, record: clientRecord }), options],
  "registration.remove": [registered, options],
  "metadata.discover": [nothing, options],
  "metadata.keys": [nothing, options],
  "session.end": [
    z.strictObject({ idTokenHint: text.optional(), returnTo: z.url().optional(), state: text.optional() }).optional(),
    options,
  ],
  "consent.getLogin": byId,
  "consent.acceptLogin": [
    z.strictObject({
      challenge: text,
      subject: text,
      ...remember,
      extendSession: z.boolean().optional(),
      acr: z.string().optional(),
      amr: texts.optional(),
      identityProviderSessionId: text.optional(),
      forceSubjectIdentifier: text.optional(),
    }),
    options,
  ],
  "consent.rejectLogin": [reject, options],
  "consent.getConsent": byId,
  "consent.acceptConsent": [
    z.strictObject({
      challenge: text,
      grantScopes: scopes,
      grantAudience: texts.optional(),
      session: z.strictObject({ accessToken: record.optional(), idToken: record.optional() }).optional(),
      ...remember,
    }),
    options,
  ],
  "consent.rejectConsent": [reject, options],
  "consent.getLogout": byId,
  "consent.acceptLogout": byId,
  "consent.rejectLogout": byId,
  "consent.listSessions": [z.strictObject({ ...page, subject: text, loginSessionId: text.optional() }), options],
  "consent.revokeSessions": [
    z.union([
      z.strictObject({ subject: text, client: text }),
      z.strictObject({ subject: text, all: z.literal(true) }),
      z.strictObject({ consentRequestId: text }),
    ]),
    options,
  ],
  "consent.revokeLoginSessions": [
    z.union([z.strictObject({ subject: text }), z.strictObject({ sessionId: text })]),
    options,
  ],
  "trust.create": [
    z.union([
      z.strictObject({
        issuer: text,
        scopes,
        jwk: z.looseObject({ kty: text, kid: text }),
        expiresAt: date,
        subject: text,
      }),
      z.strictObject({
        issuer: text,
        scopes,
        jwk: z.looseObject({ kty: text, kid: text }),
        expiresAt: date,
        anySubject: z.literal(true),
      }),
    ]),
    options,
  ],
  "trust.get": byId,
  "trust.list": [z.strictObject({ ...page, issuer: text.optional() }).optional(), options],
  "trust.remove": byId,
  "connectedApps.authUrl": [
    z.union([
      z.strictObject({ app: text, callbackUrl: z.url().optional(), userId: text }),
      z.strictObject({ app: text, callbackUrl: z.url().optional(), organization: text }),
    ]),
    options,
  ],
  "connectedApps.token": byId,
  "connectedApps.revoke": byId,
}

/** Says what is wrong with the arguments of a call, naming the member; `undefined` when nothing is. */
export const checkArguments = (operation: Operation, given: ReadonlyArray<unknown>): Reason | undefined => {
  const expected = schemas[operation]
  if (given.length > expected.length) return { _tag: "InvalidRequest", detail: `at most ${expected.length} arguments` }
  for (const [index, schema] of expected.entries()) {
    if (given[index] === undefined && index === expected.length - 1) continue
    const issue = schema.safeParse(given[index]).error?.issues[0]
    if (issue !== undefined)
      return {
        _tag: "InvalidRequest",
        ...(issue.path.length > 0 && { field: issue.path.join(".") }),
        detail: issue.message,
      }
  }
  return undefined
}
