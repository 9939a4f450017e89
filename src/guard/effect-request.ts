/** Requests and responses of Effect's HTTP server. */
import type { IncomingMessage } from "node:http"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { nodeRequest } from "./node-request.ts"
import type { Reply } from "./refusal.ts"
import type { GuardRequest } from "./request.ts"
import { webRequest } from "./web-request.ts"

/** Reads a request. The server's own request has its header lines. */
export const effectRequest = ({ source, originalUrl }: HttpServerRequest, signal: AbortSignal): GuardRequest =>
  source instanceof Request ? webRequest(source) : nodeRequest(source as IncomingMessage, () => signal, originalUrl)

/** Makes the response of a guard. */
export const responseOf = ({ status, headers, body }: Reply): HttpServerResponse.HttpServerResponse =>
  body === undefined
    ? HttpServerResponse.empty({ status, headers })
    : HttpServerResponse.text(body, { status, headers, contentType: headers["content-type"] })
