/** Checks the arguments of every operation, for every adapter. */
import { z } from "zod"
import { isShort } from "../../../internal/token-text.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { Operation } from "../../../ports/provider.ts"
import { anyDuration } from "../configuration/duration.ts"
import { schemaMessage } from "../configuration/schema-message.ts"
import { shownName } from "../configuration/shown-name.ts"
import { clientArguments } from "./client-arguments.ts"
import { consentArguments } from "./consent-arguments.ts"
import {
  callOptions,
  count,
  dateOrText,
  hasScheme,
  introspectedToken,
  noInput,
  nonEmptyString,
  nonEmptyStrings,
  options,
  type Schemas,
  scopes,
  shortString,
  stringAndOptions,
} from "./fields.ts"
import { exchangeTokenRequest } from "./token-exchange-arguments.ts"

const grantRequest = () =>
  z.strictObject({ scopes: scopes.optional(), audience: nonEmptyStrings.optional() }).optional()

/** One of two forms. The issue of a union would not name `maxAge`. */
const freshness = () => {
  const word = z.enum(["local", "prefer-local", "live"], 'expected "local", "prefer-local", "live" or { maxAge }')
  const age = z.strictObject({ maxAge: anyDuration })
  return z.unknown().check(({ value, issues }) => {
    const form = typeof value === "object" && value !== null ? age : word
    for (const { path, message } of form.safeParse(value).error?.issues ?? [])
      issues.push({ code: "custom", path: [...path], message, input: value })
  })
}

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
      loginHint: shortString.optional(),
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
      createdAtMillis: z.number(),
      maxAgeSeconds: z.number().optional(),
    }),
    options,
  ],
  refresh: () => [nonEmptyString, z.strictObject({ ...callOptions, scopes: scopes.optional() }).optional()],
  clientCredentials: () => [
    grantRequest(),
    z.strictObject({ ...callOptions, refused: nonEmptyString.optional() }).optional(),
  ],
  deviceAuthorization: () => [grantRequest(), options],
  pollDevice: () => [
    z.looseObject({ deviceCode: nonEmptyString, expiresAt: dateOrText, intervalSeconds: count, scopes }),
    options,
  ],
  jwtBearer: () => [nonEmptyString, z.strictObject({ ...callOptions, scopes: scopes.optional() }).optional()],
  exchangeToken: () => [exchangeTokenRequest(), options],
  introspect: () => [
    introspectedToken,
    z
      .strictObject({
        ...callOptions,
        freshness: freshness().optional(),
        expect: z.enum(["access_token", "refresh_token"]).optional(),
      })
      .optional(),
  ],
  revoke: stringAndOptions,
  userInfo: () => [
    nonEmptyString,
    z.strictObject({ ...callOptions, expectedSubject: shortString.optional() }).optional(),
  ],
  "metadata.discover": () => [noInput, options],
  "metadata.keys": () => [noInput, options],
  "session.end": () => [
    z
      .strictObject({
        idTokenHint: nonEmptyString.optional(),
        returnTo: shortString.pipe(z.url()).optional(),
        state: shortString.optional(),
      })
      .optional(),
    options,
  ],
}

/** A text that is too long for a token is inactive, and is not searched for a scheme. */
const isTokenWithoutScheme = (value: unknown): boolean =>
  typeof value === "string" && (!isShort(value) || !hasScheme(value))

const cache = new Map<Operation, ReadonlyArray<z.ZodType>>()

const schemasOf = (operation: Operation): ReadonlyArray<z.ZodType> => {
  const cached = cache.get(operation)
  if (cached !== undefined) return cached
  const expected = schemas[operation]()
  cache.set(operation, expected)
  return expected
}

/** A name that cannot be the name of a member is not repeated, because it may be a value in the wrong place. */
const unknownMembers = (kind: "member" | "option", names: ReadonlyArray<string>): string =>
  `unknown ${kind}${names.length > 1 ? "s" : ""}: ${names.map((name) => `"${shownName(name)}"`).join(", ")}`

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
    const issue = schema.safeParse(args[index], { error: schemaMessage }).error?.issues[0]
    const kind = index === expected.length - 1 && issue?.path.length === 0 ? "option" : "member"
    if (issue !== undefined)
      return {
        _tag: "InvalidRequest",
        ...(issue.path.length > 0 && { field: issue.path.join(".") }),
        detail: issue.code === "unrecognized_keys" ? unknownMembers(kind, issue.keys) : issue.message,
      }
  }
  return undefined
}
