/** Parses responses, whose bytes may be anything. */
import * as Effect from "effect/Effect"
import type { z } from "zod"
import { parseJson } from "../../../internal/json.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { TransportResponse } from "../../../ports/transport.ts"

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>

/** Parses a body as a JSON object if its content type is JSON. Returns `undefined` for anything else. */
export const jsonObject = (response: TransportResponse): Json | undefined => {
  const value = jsonValue(response)
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined
}

const jsonValue = ({ headers, body }: TransportResponse): unknown => {
  if (!isJson(headers["content-type"])) return undefined
  try {
    return parseJson(body)
  } catch {
    return undefined
  }
}

const isJson = (type: string | undefined): boolean =>
  type !== undefined &&
  (type.startsWith("application/json") ||
    /^application\/[\w.-]+\+json\b/i.test(type) ||
    /^application\/json\b/i.test(type))

/** Makes the reason of an unexpected response. It names the kind of the response and repeats no byte of it. */
export const unexpectedResponse = ({ status, headers, body }: TransportResponse, expected: string): Reason => ({
  _tag: "UnexpectedResponse",
  status,
  detail: isJson(headers["content-type"])
    ? `expected ${expected}, got ${body === "" ? "an empty body" : "JSON of another shape or cut short"}`
    : `expected ${expected}, got ${body === "" ? "an empty body" : mediaType(headers["content-type"])}`,
})

/** The media types that an error may name. */
const namedTypes = [
  "text/html",
  "text/plain",
  "application/xml",
  "text/xml",
  "application/octet-stream",
  "application/jwt",
]

const mediaType = (type: string | undefined): string =>
  type === undefined || type === ""
    ? "no content type"
    : (namedTypes.find((named) => type.toLowerCase().startsWith(named)) ?? "another content type")

/** Parses a JSON response with a schema. The reason of a failure has the path of the first wrong member. */
export const decode = <A>(response: TransportResponse, schema: z.ZodType<A>): Effect.Effect<A, Reason> =>
  Effect.suspend(() => {
    const value = jsonValue(response)
    if (value === undefined) return Effect.fail(unexpectedResponse(response, "JSON"))
    const parsed = schema.safeParse(value)
    if (parsed.success) return Effect.succeed(parsed.data)
    const path = parsed.error.issues[0]?.path.join(".") ?? ""
    return Effect.fail<Reason>({
      _tag: "UnexpectedResponse",
      status: response.status,
      path,
      detail: "a member is missing or has another type",
    })
  })
