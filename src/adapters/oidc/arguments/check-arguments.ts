/** What every operation may be given: checked strictly, once, for every adapter. */
import { z } from "zod"
import type { Reason } from "../../../ports/errors.ts"
import type { Operation } from "../../../ports/provider.ts"
import { clientArguments } from "./client-arguments.ts"
import { screenArguments } from "./consent-arguments.ts"
import { byText, call, count, date, nothing, options, type Schemas, scopes, text, texts } from "./fields.ts"

const grantRequest = () => z.strictObject({ scopes: scopes.optional(), audience: texts.optional() }).optional()

/** The schemas of each operation's arguments, options last. */
const schemas: Schemas<Operation> = {
  ...clientArguments,
  ...screenArguments,
  authorize: () => [
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
  exchange: () => [
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
      maxAge: z.number().optional(),
    }),
    options,
  ],
  refresh: () => [text, z.strictObject({ ...call, scopes: scopes.optional() }).optional()],
  clientCredentials: () => [grantRequest(), z.strictObject({ ...call, refused: text.optional() }).optional()],
  deviceAuthorization: () => [grantRequest(), options],
  pollDevice: () => [z.looseObject({ deviceCode: text, expiresAt: date, interval: count, scopes: scopes }), options],
  jwtBearer: () => [text, z.strictObject({ ...call, scopes: scopes.optional() }).optional()],
  introspect: () => [
    anything,
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
  revoke: byText,
  userInfo: () => [text, z.strictObject({ ...call, expectedSubject: text.optional() }).optional()],
  "metadata.discover": () => [nothing, options],
  "metadata.keys": () => [nothing, options],
  "session.end": () => [
    z.strictObject({ idTokenHint: text.optional(), returnTo: z.url().optional(), state: text.optional() }).optional(),
    options,
  ],
}

/** Any text at all: what is no token is nobody's. */
const anything = z.string()

const made = new Map<Operation, ReadonlyArray<z.ZodType>>()

const schemasOf = (operation: Operation): ReadonlyArray<z.ZodType> => {
  const known = made.get(operation)
  if (known !== undefined) return known
  const fresh = schemas[operation]()
  made.set(operation, fresh)
  return fresh
}

/** Says what is wrong with the arguments of a call, naming the member; `undefined` when nothing is. */
export const checkArguments = (operation: Operation, given: ReadonlyArray<unknown>): Reason | undefined => {
  const expected = schemasOf(operation)
  if (given.length > expected.length) return { _tag: "InvalidRequest", detail: `at most ${expected.length} arguments` }
  for (let index = 0; index < expected.length; index++) {
    const schema = expected[index]
    if (schema === undefined || (given[index] === undefined && index === expected.length - 1)) continue
    // The token of an introspection: nothing else of it is to be checked, and it is asked about most.
    if (schema === anything && typeof given[index] === "string") continue
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
