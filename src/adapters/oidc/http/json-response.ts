/** Reading what a vendor sent: any bytes at all may come. */
import * as Effect from "effect/Effect"
import type { z } from "zod"
import { parseJson } from "../../../internal/json.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { TransportResponse } from "../../../ports/transport.ts"

export type Json = Readonly<Record<string, unknown>>

/** Parses a body as a JSON object when its content type says so; `undefined` for anything else. */
export const jsonObject = (answer: TransportResponse): Json | undefined => {
  const value = json(answer)
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined
}

const json = ({ headers, body }: TransportResponse): unknown => {
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

/** Names what came in place of JSON, without repeating a byte of it. */
export const unexpected = ({ status, headers, body }: TransportResponse, wanted: string): Reason => ({
  _tag: "UnexpectedResponse",
  status,
  detail: isJson(headers["content-type"])
    ? `expected ${wanted}, got ${body === "" ? "an empty body" : "JSON of another shape or cut short"}`
    : `expected ${wanted}, got ${body === "" ? "an empty body" : mediaType(headers["content-type"])}`,
})

/** Kinds of content worth naming; any other is not repeated. */
const kinds = ["text/html", "text/plain", "application/xml", "text/xml", "application/octet-stream", "application/jwt"]

const mediaType = (type: string | undefined): string =>
  type === undefined || type === ""
    ? "no content type"
    : (kinds.find((kind) => type.toLowerCase().startsWith(kind)) ?? "another content type")

/** Reads a JSON answer by a schema; says where it did not fit. */
export const decode = <A>(answer: TransportResponse, schema: z.ZodType<A>): Effect.Effect<A, Reason> =>
  Effect.suspend(() => {
    const value = json(answer)
    if (value === undefined) return Effect.fail(unexpected(answer, "JSON"))
    const parsed = schema.safeParse(value)
    if (parsed.success) return Effect.succeed(parsed.data)
    const path = parsed.error.issues[0]?.path.join(".") ?? ""
    return Effect.fail<Reason>({
      _tag: "UnexpectedResponse",
      status: answer.status,
      path,
      detail: "a member is missing or of another type",
    })
  })
