/** Parses responses, whose bytes may be anything. */
import * as Effect from "effect/Effect"
import { z } from "zod"
import { asSent, withoutAbsent } from "../../../internal/absent.ts"
import { parseJson } from "../../../internal/json.ts"
import { proxyRefusal } from "../../../internal/proxy-refusal.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { TransportResponse } from "../../../ports/transport.ts"
import { isJson, isPage, mediaType } from "./media-type.ts"
import { isRedirect, nothingSent, redirectWords, type SentValues } from "./redirect.ts"
import { retryAfter } from "./retry-after.ts"

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>

/** Parses a body as a JSON object if its content type is JSON. Returns `undefined` for anything else. */
export const jsonObject = (response: TransportResponse): Json | undefined => {
  const value = jsonValue(response)
  return isObject(value) ? value : undefined
}

/** Whether a value is a JSON object. */
export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const jsonValue = ({ headers, body }: TransportResponse): unknown => {
  if (!isJson(headers["content-type"])) return undefined
  try {
    return parseJson(body)
  } catch {
    return undefined
  }
}

/**
 * Returns the reason of a response that is not the server's: a web page, or the 407 of a proxy; `undefined` for any
 * other response. Neither is an answer to the request.
 */
export const pageReason = (
  response: TransportResponse,
  sent: () => SentValues = () => nothingSent,
): Reason | undefined => {
  if (response.status === 407) return proxyRefusal(407)
  return isPage(response)
    ? {
        _tag: "Unavailable",
        status: response.status,
        detail: `got a web page (status ${response.status}, ${mediaType(response.headers["content-type"])}), which a \
proxy, firewall or login gate sends in place of the server${isRedirect(response) ? `: ${redirectWords(response, sent())}` : ""}`,
        ...retryAfter(response),
      }
    : undefined
}

/** Makes the reason of an unexpected response. It names the kind of the response and repeats no byte of it. */
export const unexpectedResponse = (response: TransportResponse, expected: string): Reason => {
  const { status, headers, body } = response
  const found = isJson(headers["content-type"])
    ? "JSON of another shape or cut short"
    : mediaType(headers["content-type"])
  return (
    pageReason(response) ?? {
      _tag: "UnexpectedResponse",
      status,
      detail: `expected ${expected}, got ${body === "" ? "an empty body" : found}`,
    }
  )
}

/**
 * Parses a JSON response with a schema, without the absent members of the object, or of the objects of a list. The reason
 * of a failure has the path of the first wrong member.
 */
export const decode = <A>(response: TransportResponse, schema: z.ZodType<A>): Effect.Effect<A, Reason> =>
  Effect.suspend(() => {
    const value = jsonValue(response)
    if (value === undefined) return Effect.fail(unexpectedResponse(response, "JSON"))
    const parsed = schema.safeParse(present(value))
    if (parsed.success) return Effect.succeed(parsed.data)
    const path = parsed.error.issues[0]?.path.join(".") ?? ""
    return Effect.fail<Reason>({
      _tag: "UnexpectedResponse",
      status: response.status,
      path,
      detail: "a member is missing or has another type",
    })
  })

const present = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map((each: unknown) => (isObject(each) ? withoutAbsent(each) : each))
    : isObject(value)
      ? withoutAbsent(value)
      : value

/** Makes a schema that reads an object without its absent members, and also returns the object as the server sent it. */
export const withRaw = <A>(schema: z.ZodType<A>): z.ZodType<{ readonly value: A; readonly raw: Json }> =>
  z.unknown().transform((sent, context) => {
    const parsed = schema.safeParse(present(sent))
    if (parsed.success && isObject(sent)) return { value: parsed.data, raw: asSent(sent) }
    context.addIssue({ code: "custom", path: [...(parsed.error?.issues[0]?.path ?? [])], message: "not this object" })
    return z.NEVER
  })
