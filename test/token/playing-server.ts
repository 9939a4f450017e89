/** A server without a network that publishes keys and answers introspections, and what it was asked. */
import * as Effect from "effect/Effect"
import type { Transport, TransportResponse } from "latchkey/effect"
import type { SigningKey } from "../jwt/signing-keys.ts"
import { json } from "../unit/scripted-transport.ts"

export interface PlayedServer {
  readonly transport: Transport
  /** The URLs of requests for metadata and keys. */
  readonly fetched: Array<string>
  /** The tokens that were introspected. */
  readonly asked: Array<string>
}

export interface Played {
  readonly issuer: string
  /** The keys that each key set publishes, by its URL. Absent: the server has no key set. */
  readonly keys?: ((url: string) => ReadonlyArray<SigningKey> | TransportResponse) | undefined
  /** The introspection response for a token. Absent: the server has no introspection endpoint. */
  readonly answer?: ((token: string) => object | TransportResponse) | undefined
}

export const isResponse = (value: object): value is TransportResponse => "body" in value && "headers" in value

/** Plays a server. A key set is any URL that ends as key sets do. */
export const playingServer = ({ issuer, keys, answer }: Played): PlayedServer => {
  const fetched: Array<string> = []
  const asked: Array<string> = []
  const at = issuer.replace(/\/$/, "")
  const respond = (url: string, body: string | undefined): TransportResponse => {
    if (body !== undefined) {
      const token = new URLSearchParams(body).get("token") ?? ""
      asked.push(token)
      const answered = answer?.(token) ?? { active: false }
      return isResponse(answered) ? answered : json(answered)
    }
    fetched.push(url)
    if (/\.well-known\/(openid-configuration|oauth-authorization-server)$/.test(url))
      return json({
        issuer,
        ...(keys !== undefined && { jwks_uri: `${at}/keys` }),
        ...(answer !== undefined && { introspection_endpoint: `${at}/introspect` }),
      })
    const published = keys?.(url) ?? []
    return isResponse(published)
      ? published
      : json({ keys: (published as ReadonlyArray<SigningKey>).map(({ jwk }) => jwk) })
  }
  return { fetched, asked, transport: { send: ({ url, body }) => Effect.sync(() => respond(url, body)) } }
}
