import type { Reply } from "../http-server.ts"
import { redirectTo } from "./replies.ts"

/** Where the answer to an authorization request goes. */
interface CallbackTarget {
  readonly redirectUri: string
  readonly state: string
}

/** Sends the browser back to the application with an answer. */
export const callback = (
  { redirectUri, state }: CallbackTarget,
  values: Readonly<Record<string, string>>,
  cookies: ReadonlyArray<string> = [],
): Reply => {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value)
  if (state !== "") url.searchParams.set("state", state)
  return redirectTo(url.href, cookies)
}

/** Sends an error back to the application. */
export const callbackError = (target: CallbackTarget, error: string, description: string): Reply =>
  callback(target, { error, error_description: description })
