/** The texts of an error response, of the vendor or of a gateway in front of it. */
import type { TransportResponse } from "../../../ports/transport.ts"
import type { Server } from "../server.ts"
import { type Json, jsonObject } from "./json-response.ts"

/** The values are untrusted: no error may contain them before they are redacted. */
export interface VendorWords {
  /** The value of `error`, in the body or in the challenge (RFC 6750 section 3). */
  readonly error: unknown
  /** The description beside a code. */
  readonly description: string | undefined
  /** The whole text, for a response whose `error` is no code. */
  readonly text: string | undefined
}

/** Reads the words of a response. */
export const vendorWords = (response: TransportResponse, server: Server): VendorWords => {
  const body = jsonObject(response)
  const challenge = challengeOf(response)
  const own = server.errorText?.(response)
  const others = otherTexts(body)
  return {
    error: body?.error ?? challenge.error,
    description: textOf(body?.error_description) ?? own ?? others ?? challenge.error_description,
    text: own ?? joinedTexts(body) ?? others ?? server.errorCodes?.(response).join(" "),
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined)

/** Joins the two texts of an error: some servers have a sentence in `error` and its cause in `error_description`. */
const joinedTexts = (body: Json | undefined): string | undefined =>
  [textOf(body?.error), textOf(body?.error_description)].filter(Boolean).join(": ") || undefined

/** Joins the texts of other common forms: gateways, and problem details (RFC 9457). */
const otherTexts = (body: Json | undefined): string | undefined => {
  if (body === undefined) return undefined
  const nested = typeof body.error === "object" && body.error !== null ? (body.error as Json).message : undefined
  return [nested, body.message, body.title, body.detail].flatMap((each) => textOf(each) ?? []).join(": ") || undefined
}

/** Reads `error` and `error_description` of a `WWW-Authenticate` header. */
const challengeOf = ({ headers }: TransportResponse): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    Array.from(
      (headers["www-authenticate"] ?? "").slice(0, 4096).matchAll(/\b(error|error_description)="([^"]*)"/g),
      ([, name, value]) => [name, value],
    ),
  )
