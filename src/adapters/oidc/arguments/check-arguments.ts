/** Checks the arguments of every operation, for every adapter. */
import { z } from "zod"
import type { Reason } from "../../../ports/errors.ts"
import type { Operation } from "../../../ports/provider.ts"
import { clientArguments } from "./client-arguments.ts"
import { consentArguments } from "./consent-arguments.ts"
import {
  callOptions,
  count,
  date,
  hasScheme,
  introspectedToken,
  noInput,
  nonEmptyString,
  nonEmptyStrings,
  options,
  type Schemas,
  scopes,
  stringAndOptions,
} from "./fields.ts"

const grantRequest = () =>
  z.strictObject({ scopes: scopes.optional(), audience: nonEmptyStrings.optional() }).optional()

/** The schemas of each operation's arguments, options last. */
const schemas: Schemas<Operation> = {
  ...clientArguments,
  ...consentArguments,
  authorize: () => [
    z.strictObject({
      scopes: scopes.optional(),
      audience: nonEmptyStrings.optional(),
      offline: z.boolean().optional(),
      redirectUri: z.url().optional(),
      prompt: z.enum(["none", "login", "consent", "select_account", "create"]).optional(),
      loginHint: nonEmptyString.optional(),
      extra: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
    }),
    options,
  ],
  exchange: () => [
    z.union([nonEmptyString, z.instanceof(URL)]),
    z.looseObject({
      provider: nonEmptyString,
      issuer: nonEmptyString,
      state: nonEmptyString,
      nonce: nonEmptyString,
      verifier: nonEmptyString,
      redirectUri: z.url(),
      scopes,
      created: z.number(),
      maxAge: z.number().optional(),
    }),
    options,
  ],
  refresh: () => [nonEmptyString, z.strictObject({ ...callOptions, scopes: scopes.optional() }).optional()],
  clientCredentials: () => [
    grantRequest(),
    z.strictObject({ ...callOptions, refused: nonEmptyString.optional() }).optional(),
  ],
  deviceAuthorization: () => [grantRequest(), options],
  pollDevice: () => [z.looseObject({ deviceCode: nonEmptyString, expiresAt: date, interval: count, scopes }), options],
  jwtBearer: () => [nonEmptyString, z.strictObject({ ...callOptions, scopes: scopes.optional() }).optional()],
  introspect: () => [
    introspectedToken,
    z
      .strictObject({
        ...callOptions,
        freshness: z
          .union([z.enum(["local", "prefer-local", "live"]), z.strictObject({ maxAge: z.number().nonnegative() })])
          .optional(),
        expect: z.enum(["access_token", "refresh_token"]).optional(),
      })
      .optional(),
  ],
  revoke: stringAndOptions,
  userInfo: () => [
    nonEmptyString,
    z.strictObject({ ...callOptions, expectedSubject: nonEmptyString.optional() }).optional(),
  ],
  "metadata.discover": () => [noInput, options],
  "metadata.keys": () => [noInput, options],
  "session.end": () => [
    z
      .strictObject({
        idTokenHint: nonEmptyString.optional(),
        returnTo: z.url().optional(),
        state: nonEmptyString.optional(),
      })
      .optional(),
    options,
  ],
}

const isTokenWithoutScheme = (value: unknown): boolean => typeof value === "string" && !hasScheme(value)

const cache = new Map<Operation, ReadonlyArray<z.ZodType>>()

const schemasOf = (operation: Operation): ReadonlyArray<z.ZodType> => {
  const cached = cache.get(operation)
  if (cached !== undefined) return cached
  const expected = schemas[operation]()
  cache.set(operation, expected)
  return expected
}

/** Returns the first problem of a call's arguments, with the name of the member, or `undefined`. */
export const checkArguments = (operation: Operation, args: ReadonlyArray<unknown>): Reason | undefined => {
  const expected = schemasOf(operation)
  if (args.length > expected.length)
    return { _tag: "InvalidRequest", detail: `expected at most ${expected.length} arguments` }
  for (let index = 0; index < expected.length; index++) {
    const schema = expected[index]
    if (schema === undefined || (args[index] === undefined && index === expected.length - 1)) continue
    // The token of `introspect`, the hot path.
    if (schema === introspectedToken && isTokenWithoutScheme(args[index])) continue
    const issue = schema.safeParse(args[index]).error?.issues[0]
    if (issue !== undefined)
      return {
        _tag: "InvalidRequest",
        ...(issue.path.length > 0 && { field: issue.path.join(".") }),
        detail: issue.message,
      }
  }
  return undefined
}
