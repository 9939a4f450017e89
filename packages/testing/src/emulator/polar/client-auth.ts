import { createHash, timingSafeEqual } from "node:crypto"
import type { AuthMethod, ClientRecord } from "./client-record.ts"
import { findClient } from "./clients.ts"
import { asciiOnly, invalidClient, UncaughtException, unknownClient } from "./errors.ts"
import type { OAuthForm } from "./oauth-form.ts"
import type { Polar } from "./state.ts"

const digest = (text: string) => createHash("sha256").update(text).digest()

const isEqual = (left: string, right: string): boolean => timingSafeEqual(digest(left), digest(right))

const decodePart = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

const utf8Of = (bytes: Buffer): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    throw new UncaughtException("the Basic credentials are not UTF-8")
  }
}

const basicOf = (header: string | undefined): readonly [string, string] | undefined => {
  const encoded = /^basic\s+(\S+)\s*$/i.exec(header ?? "")?.[1]
  if (encoded === undefined) return undefined
  const text = utf8Of(Buffer.from(encoded, "base64"))
  const colon = text.indexOf(":")
  return colon < 0 ? undefined : [decodePart(text.slice(0, colon)), decodePart(text.slice(colon + 1))]
}

type Attempt = (polar: Polar, form: OAuthForm) => ClientRecord | undefined

const existingClient = (polar: Polar, id: string, status: 400 | 401): ClientRecord => {
  const client = findClient(polar, id)
  if (client === undefined) throw invalidClient(status, unknownClient)
  return client
}

const withSecret = (client: ClientRecord, secret: string) =>
  isEqual(client.secret, asciiOnly(secret)) ? client : undefined

const attempts: Readonly<Record<AuthMethod, Attempt>> = {
  client_secret_basic: (polar, form) => {
    const [id, secret] = basicOf(form.headers.authorization) ?? []
    return id && secret ? withSecret(existingClient(polar, id, 401), secret) : undefined
  },
  client_secret_post: (polar, form) => {
    const id = form.field("client_id")
    const secret = form.field("client_secret")
    return id && secret ? withSecret(existingClient(polar, id, 400), secret) : undefined
  },
  none: (polar, form) => {
    const id = form.either("client_id")
    return id && !form.either("client_secret") ? existingClient(polar, id, 400) : undefined
  },
}

/** The authentication methods of the token endpoint. */
export const anyMethod: ReadonlyArray<AuthMethod> = ["client_secret_basic", "client_secret_post", "none"]

/** The authentication methods of confidential clients. */
export const secretMethods: ReadonlyArray<AuthMethod> = ["client_secret_basic", "client_secret_post"]

export interface Authenticated {
  readonly client: ClientRecord
  readonly method: AuthMethod
}

/** Authenticates the client of a form. With `onlyRegistered`, other methods are rejected. */
export const authenticateClient = (
  polar: Polar,
  form: OAuthForm,
  methods: ReadonlyArray<AuthMethod>,
  onlyRegistered: boolean,
): Authenticated => {
  for (const method of methods) {
    const client = attempts[method](polar, form)
    if (client === undefined) continue
    if (!onlyRegistered || client.metadata.token_endpoint_auth_method === method) return { client, method }
  }
  const list = methods.map((method) => `'${method}'`).join(", ")
  throw invalidClient(401, `The client cannot authenticate with methods: [${list}]`)
}
