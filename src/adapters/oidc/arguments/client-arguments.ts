/** Schemas of the arguments for client management and registration. */
import { z } from "zod"
import type { Operation } from "../../../ports/provider.ts"
import { wholeSeconds } from "../configuration/duration.ts"
import { redactedProblem } from "../configuration/secret.ts"
import {
  id,
  nonEmptyString,
  nonEmptyStrings,
  options,
  page,
  publicKey,
  record,
  redacted,
  type Schemas,
  scopes,
  shortString,
} from "./fields.ts"

const keySet = () => z.looseObject({ keys: z.array(publicKey) })
const newClient = () => ({
  name: z.string(),
  redirectUris: nonEmptyStrings,
  postLogoutRedirectUris: nonEmptyStrings,
  grantTypes: nonEmptyStrings,
  responseTypes: nonEmptyStrings,
  scopes,
  audience: nonEmptyStrings,
  tokenEndpointAuthMethod: z.enum(["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]),
  jwks: keySet(),
  jwksUri: z.url(),
  secret: z.union([nonEmptyString, redacted], {
    error: ({ input }) => (typeof input === "object" ? redactedProblem(input) : undefined),
  }),
  metadata: record,
  extra: record,
})
const clientRecord = () => z.strictObject(newClient()).partial()
const changes = () =>
  z.strictObject(Object.fromEntries(Object.entries(newClient()).map(([name, schema]) => [name, schema.nullish()])))
const client = () =>
  z.union(
    [
      id,
      z.looseObject({
        clientId: id,
        raw: record,
        registration: z.looseObject({ token: redacted, uri: redacted }).optional(),
      }),
    ],
    "expected a client id or a Client",
  )
const registered = () =>
  z.looseObject(
    { clientId: id, registration: z.looseObject({ token: redacted, uri: redacted }) },
    "expected a Client with its registration token",
  )

const lifespans = () =>
  z
    .strictObject({
      accessToken: wholeSeconds.optional(),
      idToken: wholeSeconds.optional(),
      refreshToken: wholeSeconds.optional(),
    })
    .optional()
const grants = () =>
  z.strictObject({
    authorization_code: lifespans(),
    client_credentials: lifespans(),
    device_code: lifespans(),
    implicit: lifespans(),
    jwt_bearer: lifespans(),
    refresh_token: lifespans(),
  })

export const clientArguments: Schemas<Extract<Operation, `clients.${string}` | `registration.${string}`>> = {
  "clients.create": () => [z.strictObject({ ...newClient(), clientId: nonEmptyString }).partial(), options],
  "clients.get": () => [client(), options],
  "clients.list": () => [
    z.strictObject({ ...page, name: shortString.optional(), owner: shortString.optional() }).optional(),
    options,
  ],
  "clients.replace": () => [z.strictObject({ client: client(), record: clientRecord() }), options],
  "clients.patch": () => [z.strictObject({ client: client(), changes: changes() }), options],
  "clients.remove": () => [client(), options],
  "clients.rotateSecret": () => [client(), options],
  "clients.setLifespans": () => [z.strictObject({ client: client(), lifespans: grants().partial() }), options],
  "clients.revokeTokens": () => [client(), options],
  "registration.register": () => [clientRecord(), options],
  "registration.read": () => [registered(), options],
  "registration.update": () => [z.strictObject({ client: registered(), record: clientRecord() }), options],
  "registration.remove": () => [registered(), options],
}
