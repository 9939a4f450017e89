/** The issuers whose JWT assertions the server accepts, with the admin API. */
import * as Effect from "effect/Effect"
import { z } from "zod"
import type { Operation } from "../../ports/provider.ts"
import type { TrustedIssuer } from "../../ports/trust.ts"
import type { Raws } from "../oidc/definition.ts"
import type { Admin } from "./admin.ts"
import { page } from "./pages.ts"

const path = "/admin/trust/grants/jwt-bearer/issuers"
const pathOf = (id: string) => `${path}/${encodeURIComponent(id)}`

const date = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)))
  .transform((text) => new Date(text))

const trusted: z.ZodType<TrustedIssuer> = z
  .looseObject({
    id: z.string(),
    issuer: z.string(),
    subject: z.string().nullish(),
    allow_any_subject: z.boolean().nullish(),
    scope: z.array(z.string()).nullish(),
    public_key: z.looseObject({ set: z.string(), kid: z.string() }),
    created_at: date,
    expires_at: date,
  })
  .transform((wire) => ({
    id: wire.id,
    issuer: wire.issuer,
    ...(wire.subject && { subject: wire.subject }),
    anySubject: wire.allow_any_subject === true,
    scopes: wire.scope ?? [],
    publicKey: { set: wire.public_key.set, keyId: wire.public_key.kid },
    createdAt: wire.created_at,
    expiresAt: wire.expires_at,
  }))

export const trustOperations = [
  "trust.create",
  "trust.get",
  "trust.list",
  "trust.remove",
] as const satisfies ReadonlyArray<Operation>

type TrustOperation = (typeof trustOperations)[number]

/** @see https://www.ory.com/docs/hydra/guides/jwt */
export const trust = (admin: Admin): Raws<TrustOperation> => ({
  "trust.create": ({ issuer, subject, anySubject, scopes, jwk, expiresAt }) =>
    admin.json(
      {
        operation: "trust.create",
        method: "POST",
        path,
        json: {
          issuer,
          subject,
          allow_any_subject: anySubject === true,
          scope: scopes,
          jwk,
          expires_at: expiresAt.toISOString(),
        },
        ok: [201],
      },
      trusted,
    ),
  "trust.get": (id) => admin.json({ operation: "trust.get", method: "GET", path: pathOf(id), ok: [200] }, trusted),
  "trust.list": ({ issuer, ...query } = {}) =>
    page(admin, { operation: "trust.list", path, query: { issuer } }, query, trusted),
  "trust.remove": (id) =>
    Effect.asVoid(admin.send({ operation: "trust.remove", method: "DELETE", path: pathOf(id), ok: [204] })),
})
