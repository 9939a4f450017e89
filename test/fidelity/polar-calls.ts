/** Polar's own client library at the emulator, with a note of every answer that came over the wire. */
import { PolarCore } from "@polar-sh/sdk/core.js"
import { HTTPClient } from "@polar-sh/sdk/lib/http.js"
import { makeBrowser, type PolarEmulator } from "@latchkey/testing"
import { callback } from "../emulator/polar-steps.ts"

/** One answer, as comparable data. */
export interface WireAnswer {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly type: string
  readonly body: unknown
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Polar's library pointed at an emulator, as nobody or with a token. */
export const openLibrary = (emulator: PolarEmulator) => {
  const answers: Array<WireAnswer> = []
  const note = async (request: Request): Promise<Response> => {
    const response = await fetch(request, { redirect: "manual" })
    const text = await response.clone().text()
    answers.push({
      method: request.method,
      path: new URL(request.url).pathname,
      status: response.status,
      type: (response.headers.get("content-type") ?? "").split(";")[0] ?? "",
      body: text === "" ? undefined : parsed(text),
    })
    return response
  }
  const httpClient = new HTTPClient({ fetcher: (input, init) => note(new Request(input, init)) })
  return {
    answers,
    /** What the library has no call for. */
    fetch: (path: string, init?: RequestInit) => note(new Request(`${emulator.apiUrl}${path}`, init)),
    as: (accessToken?: unknown) =>
      new PolarCore({
        serverURL: emulator.apiUrl,
        httpClient,
        ...(accessToken !== undefined && { accessToken: String(accessToken) }),
      }),
  }
}

export type Library = ReturnType<typeof openLibrary>

/** A code for the shop: the library neither makes the authorize URL nor sends a verifier, so there is no challenge. */
export const codeWithoutChallenge = async (emulator: PolarEmulator): Promise<string> => {
  const query = new URLSearchParams({ response_type: "code", client_id: "shop", redirect_uri: callback, state: "s" })
  query.set("scope", "openid email")
  const origins = [emulator.apiUrl, new URL(emulator.authorizeUrl).origin]
  const back = await makeBrowser().go(`${emulator.authorizeUrl}?${query}`, origins)
  return new URL(back).searchParams.get("code") ?? ""
}
