/** Points Polar's own client library at the emulator and records every response. */
import { makeBrowser, type PolarEmulator } from "@latchkey/testing"
import { PolarCore } from "@polar-sh/sdk/core.js"
import { HTTPClient } from "@polar-sh/sdk/lib/http.js"
import { callback } from "../emulator/polar-steps.ts"

/** One response as comparable data. */
export interface WireResponse {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly type: string
  readonly body: unknown
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Points Polar's library at an emulator, with or without an access token. */
export const openLibrary = (emulator: PolarEmulator) => {
  const responses: Array<WireResponse> = []
  const record = async (request: Request): Promise<Response> => {
    const response = await fetch(request, { redirect: "manual" })
    const text = await response.clone().text()
    responses.push({
      method: request.method,
      path: new URL(request.url).pathname,
      status: response.status,
      type: (response.headers.get("content-type") ?? "").split(";")[0] ?? "",
      body: text === "" ? undefined : parseJson(text),
    })
    return response
  }
  const httpClient = new HTTPClient({ fetcher: (input, init) => record(new Request(input, init)) })
  return {
    responses,
    /** Sends a request that the library does not support. */
    fetch: (path: string, init?: RequestInit) => record(new Request(`${emulator.apiUrl}${path}`, init)),
    as: (accessToken?: unknown) =>
      new PolarCore({
        serverURL: emulator.apiUrl,
        httpClient,
        ...(accessToken !== undefined && { accessToken: String(accessToken) }),
      }),
  }
}

export type Library = ReturnType<typeof openLibrary>

/** Returns a code for the client `shop`, without a challenge, because the library sends no verifier. */
export const codeWithoutChallenge = async (emulator: PolarEmulator): Promise<string> => {
  const query = new URLSearchParams({ response_type: "code", client_id: "shop", redirect_uri: callback, state: "s" })
  query.set("scope", "openid email")
  const origins = [emulator.apiUrl, new URL(emulator.authorizeUrl).origin]
  const callbackUrl = await makeBrowser().go(`${emulator.authorizeUrl}?${query}`, origins)
  return new URL(callbackUrl).searchParams.get("code") ?? ""
}
