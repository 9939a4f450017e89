import type { Reply } from "../http-server.ts"
import { redirectTo } from "./replies.ts"

/** The destination of an authorization response. */
interface CallbackTarget {
  readonly redirectUri: string
  readonly state: string
}

/** Redirects the browser to the application with the parameters of an authorization response. */
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

/** Redirects the browser to the application with an error. */
export const callbackError = (target: CallbackTarget, error: string, description: string): Reply =>
  callback(target, { error, error_description: description })
