/** Third parties' tokens that Kinde stores. */
import * as Effect from "effect/Effect"
import { z } from "zod"
import type { ConnectedToken } from "../../ports/connected-apps.ts"
import type { Operation } from "../../ports/provider.ts"
import type { Raws } from "../oidc/definition.ts"
import { isWebPage } from "../oidc/operations/discovery.ts"
import type { Management } from "./management.ts"

const session = (insecureOrigins: ReadonlyArray<string>) =>
  z
    .looseObject({ url: z.string().refine((url) => isWebPage(url, insecureOrigins)), session_id: z.string().min(1) })
    .transform((wire) => ({ url: wire.url, sessionId: wire.session_id }))

/** A time with its zone. For other texts, `Date.parse` guesses. */
const zoned = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)$/i

const parse = (text: string): number => Date.parse(text.replace(/([+-]\d\d)$/, "$1:00"))

/** The format of the expiry is not documented. The result always has `rawExpiry`, and `expiresAt` if it parses. */
const token: z.ZodType<ConnectedToken> = z
  .looseObject({ access_token: z.string().min(1), access_token_expiry: z.union([z.string(), z.number()]).nullish() })
  .transform((wire) => {
    const raw = wire.access_token_expiry
    if (raw === undefined || raw === null || raw === "") return { accessToken: wire.access_token }
    const text = String(raw)
    const time = /^\d{9,11}$/.test(text) ? Number(text) * 1000 : zoned.test(text) ? parse(text) : Number.NaN
    return {
      accessToken: wire.access_token,
      rawExpiry: text,
      ...(Number.isFinite(time) && { expiresAt: new Date(time) }),
    }
  })

export const connectedOperations = [
  "connectedApps.authUrl",
  "connectedApps.token",
  "connectedApps.revoke",
] as const satisfies ReadonlyArray<Operation>

type ConnectedOperation = (typeof connectedOperations)[number]

/** @see https://docs.kinde.com/integrate/connected-apps/add-connected-apps/ */
export const connectedApps = (
  management: Management,
  insecureOrigins: ReadonlyArray<string>,
): Raws<ConnectedOperation> => ({
  "connectedApps.authUrl": ({ app, userId, organization, callbackUrl }) =>
    management.json(
      {
        operation: "connectedApps.authUrl",
        method: "GET",
        path: "/connected_apps/auth_url",
        query: { key_code_ref: app, user_id: userId, org_code: organization, override_callback_url: callbackUrl },
      },
      session(insecureOrigins),
    ),
  "connectedApps.token": (sessionId) =>
    management.json(
      {
        operation: "connectedApps.token",
        method: "GET",
        path: "/connected_apps/token",
        query: { session_id: sessionId },
      },
      token,
    ),
  // Kinde documents two response bodies. Neither holds more information than the status.
  "connectedApps.revoke": (sessionId) =>
    Effect.asVoid(
      management.send({
        operation: "connectedApps.revoke",
        method: "POST",
        path: "/connected_apps/revoke",
        query: { session_id: sessionId },
      }),
    ),
})
