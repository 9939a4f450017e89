/** The member `token` of a configuration: the format of a server's tokens. */
import { z } from "zod"
import { algorithms } from "../../../internal/jwa.ts"
import type { Answers, TokenProfile } from "../../../ports/token-profile.ts"
import type { AudienceParameter, ErrorRow, Offline, Revokes } from "../server.ts"
import { errorRow } from "./error-rows.ts"
import { endpoint } from "./settings.ts"
import { kind, when } from "./token-conditions.ts"

/** The format of a server's tokens, and its deviations from the standards in operations on tokens. */
export interface OidcToken extends TokenProfile {
  /**
   * How a request names the APIs of a token: in the parameter `audience`, in `resource` (RFC 8707), or in a scope made
   * from a template such as `"{audience}/.default"`. Default: a request names no API, and the argument `audience` is
   * unsupported.
   */
  readonly audienceParameter?: AudienceParameter | undefined
  /** The parameters that request a refresh token. Default: the scope `offline_access` with the prompt `consent`. */
  readonly offline?: Offline | undefined
  /** Further origins that discovered endpoints may be on. Default: the origin of the metadata document only. */
  readonly origins?: ReadonlyArray<string> | undefined
  /** The tokens that the revocation endpoint accepts. Default `"any"`. */
  readonly revokes?: Revokes | undefined
  /** Rows of an error table, before the standards' own. The first row that matches a response decides. */
  readonly errors?: ReadonlyArray<ErrorRow> | undefined
}

const text = z.string().min(1)
const names = z.array(text).min(1).readonly()

const origin = z
  .string()
  .refine((value) => URL.parse(value)?.origin === value, "expected an exact origin, such as https://graph.example.com")

/**
 * The members of `token` that have no effect with a value of `answers`, and the reason. Such a member is rejected,
 * because its author expects an effect.
 */
const unread: Readonly<Record<Answers, ReadonlyArray<readonly [keyof OidcToken, string]>>> = {
  introspection: [
    ["jwt", "no signature is verified"],
    ["clientUnsaid", "no signature is verified"],
    ["audienceUnsaid", "no signature is verified"],
  ],
  signature: [
    ["kind", "no introspection response is read"],
    ["audienceUnsaid", "no introspection response names the audience"],
  ],
  introspection_or_signature: [],
}

const members = z.strictObject({
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
        .array(z.string().regex(/^(?!application\/)[^A-Z]*$/, "expected lower case, without application/"))
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

/** The schema of the member `token`. */
export const token = members.superRefine((value, context) => {
  const { answers = "introspection_or_signature" } = value
  for (const [name, reason] of unread[answers])
    if (value[name] !== undefined && value[name] !== false)
      context.addIssue({ code: "custom", path: [name], message: `remove it: with answers "${answers}" ${reason}` })
})
