import { createHash, timingSafeEqual } from "node:crypto"
import { goQueryUnescape } from "../go.ts"
import { oauthErrorWithoutHint } from "../ory/errors.ts"
import { type Application, isPublic } from "./application.ts"
import { UnknownClient } from "./errors.ts"
import type { Kinde } from "./state.ts"

export interface Credentials {
  readonly id: string
  readonly secret: string
}

/** Returns the Basic credentials of a request, if the tenant accepts them. */
export const basicOf = (kinde: Kinde, headers: Readonly<Record<string, string>>): Credentials | undefined => {
  const encoded = /^basic ([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? "")?.[1]
  if (encoded === undefined || !kinde.quirks.basicAuthentication) return undefined
  const decoded = Buffer.from(encoded, "base64").toString("utf8")
  const colon = decoded.indexOf(":")
  const id = goQueryUnescape(decoded.slice(0, Math.max(0, colon)))
  const secret = goQueryUnescape(decoded.slice(colon + 1))
  return colon < 0 || id === undefined || secret === undefined ? undefined : { id, secret }
}

const digest = (text: string) => createHash("sha256").update(text).digest()

/** Authenticates an application. A public client needs no secret. */
export const applicationOf = (kinde: Kinde, { id, secret }: Credentials): Application => {
  const application = kinde.applications.get(id)
  if (application === undefined) throw new UnknownClient()
  if (isPublic(application) || timingSafeEqual(digest(application.secret), digest(secret))) return application
  throw oauthErrorWithoutHint("invalid_client")
}

/** Authenticates the application of a request with Basic credentials, or with those in the form. */
export const authenticate = (
  kinde: Kinde,
  headers: Readonly<Record<string, string>>,
  form: URLSearchParams,
): Application =>
  applicationOf(
    kinde,
    basicOf(kinde, headers) ?? { id: form.get("client_id") ?? "", secret: form.get("client_secret") ?? "" },
  )
