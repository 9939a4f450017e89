/** The member `token` of a configuration: what a server's tokens look like. */
import { z } from "zod"
import { algorithms } from "../../../internal/jwa.ts"
import { operations } from "../../../ports/operations.ts"
import type { Operation } from "../../../ports/provider.ts"
import type { TokenProfile } from "../../../ports/token-profile.ts"
import type { AudienceParameter, ErrorRow, Offline, Revokes } from "../server.ts"
import { endpoint } from "./settings.ts"

/** What a server's tokens look like, and how it deviates from the standards where tokens are concerned. */
export interface OidcToken extends TokenProfile {
  /**
   * How a request names the APIs of a token: in the parameter `audience`, in `resource` (RFC 8707), or in a scope made from
   * a template such as `"{audience}/.default"`. Default: not at all, and the argument `audience` is unsupported.
   */
  readonly audienceParameter?: AudienceParameter | undefined
  /** What requests a refresh token. Default: the scope `offline_access` with the prompt `consent`. */
  readonly offline?: Offline | undefined
  /** Further origins that discovered endpoints may be on. Default: the origin of the metadata document only. */
  readonly origins?: ReadonlyArray<string> | undefined
  /** Which tokens the revocation endpoint takes. Default `"any"`. */
  readonly revokes?: Revokes | undefined
  /** Rows of an error table, before the standards' own. The first row that matches a response decides. */
  readonly errors?: ReadonlyArray<ErrorRow> | undefined
}

const text = z.string().min(1)
const names = z.array(text).min(1).readonly()

const conditionMembers = {
  in: z.enum(["claims", "header", "answer", "token"]).optional(),
  name: text.optional(),
  is: z.union([text, names]).optional(),
  starts: text.optional(),
  ends: text.optional(),
  absent: z.literal(true).optional(),
}

const named = (when: { readonly in?: string | undefined; readonly name?: string | undefined }): boolean =>
  (when.in === "token") === (when.name === undefined)

const nameIssue = 'expected "name", the name of the member; a condition on the token itself has none'

const when = z.strictObject(conditionMembers).refine(named, nameIssue)

const uses = ["access_token", "refresh_token", "other"] as const

const kind = z.union(
  [
    z.enum(["hint", "access_only"]),
    z
      .array(z.strictObject({ ...conditionMembers, use: z.enum(uses) }).refine(named, nameIssue))
      .min(1)
      .readonly(),
  ],
  'expected "hint", "access_only", or a list of rules',
)

const origin = z
  .string()
  .refine((value) => URL.parse(value)?.origin === value, "expected an exact origin, such as https://graph.example.com")

const reasons = [
  ...["InvalidClient", "InvalidGrant", "InvalidRequest", "InvalidToken", "AccessDenied", "NotFound", "Unavailable"],
  ...["UnsupportedOperation", "Inactive", "Done"],
] as ReadonlyArray<ErrorRow["reason"]> as [ErrorRow["reason"], ...ReadonlyArray<ErrorRow["reason"]>]

const endings: Readonly<Partial<Record<ErrorRow["reason"], Operation>>> = { Inactive: "introspect", Done: "revoke" }

const errorRow = z
  .strictObject({
    status: z.number().int().min(100).max(599).optional(),
    code: text.optional(),
    contains: text.optional(),
    operations: z
      .array(z.enum(Object.keys(operations) as [Operation, ...ReadonlyArray<Operation>]))
      .min(1)
      .readonly()
      .optional(),
    detail: text.optional(),
    reason: z.enum(reasons),
  })
  .refine(({ reason, operations: listed }) => {
    const only = endings[reason]
    return only === undefined || (listed?.length === 1 && listed[0] === only)
  }, '"Inactive" requires operations ["introspect"], and "Done" requires operations ["revoke"]')

/** The schema of the member `token`. */
export const token = z.strictObject({
  answers: z.enum(["introspection", "signature", "introspection_or_signature"]).optional(),
  kind: kind.optional(),
  issuers: z
    .array(z.strictObject({ issuer: text, jwksUri: endpoint.optional(), keyIssuer: text.optional() }))
    .readonly()
    .optional(),
  jwt: z
    .strictObject({
      algorithms: z
        .array(z.enum(Object.keys(algorithms)))
        .min(1)
        .readonly()
        .optional(),
      types: z
        .array(z.string().regex(/^[^A-Z]*$/, "expected lower case"))
        .min(1)
        .readonly()
        .optional(),
      access: z.array(when).readonly().optional(),
      forbidden: names.optional(),
    })
    .optional(),
  audience: names.optional(),
  client: names.optional(),
  clientUnsaid: z.boolean().optional(),
  audienceUnsaid: z.boolean().optional(),
  scopes: names.optional(),
  machine: z.array(when).readonly().optional(),
  subjects: z.literal("users").optional(),
  audienceParameter: z
    .union(
      [
        z.enum(["audience", "resource"]),
        z.strictObject({
          scope: z.string().includes("{audience}", { error: 'expected a template with "{audience}"' }),
        }),
      ],
      'expected "audience", "resource", or { scope } with a template such as "{audience}/.default"',
    )
    .optional(),
  offline: z
    .strictObject({
      scope: text.optional(),
      prompt: text.optional(),
      parameters: z.record(text, z.string()).optional(),
    })
    .optional(),
  origins: z.array(origin).readonly().optional(),
  revokes: z.enum(["any", "opaque", "refresh_token", "nothing"]).optional(),
  errors: z.array(errorRow).readonly().optional(),
})
