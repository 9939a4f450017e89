/** The checks of a callback, before its code is sent. */
import { canBe } from "../../../internal/token-text.ts"
import type { CallbackCheck, Reason } from "../../../ports/errors.ts"
import type { Transaction } from "../../../ports/issuance.ts"
import type { Engine } from "../engine/engine.ts"
import { comparison } from "../http/compared-values.ts"
import { holdsSecret, redact } from "../http/redact.ts"
import { publicValuesOf, secretsOf as secretsOfRequest } from "../http/request-secrets.ts"
import { isIssuer, issuersOf } from "../server.ts"

/** Checks the callback before the code is sent. The state comes before the parameters that depend on it. */
export const checkCallback = (engine: Engine, callback: URL, transaction: Transaction): Reason | undefined => {
  const { searchParams } = callback
  const all = (name: string) => searchParams.getAll(name)
  const single = (name: string) => (all(name).length === 1 ? searchParams.get(name) : undefined)
  const { provider, issuer, redirectUri, state } = transaction
  const secrets = [...engine.secrets, ...secretsOf(transaction), ...secretsOfRequest({ url: callback.href })]
  const differs = (name: string, found: unknown, expected: ReadonlyArray<string>) =>
    comparison(name, found, expected, secrets)
  if (provider !== engine.id) return failed("provider", differs("provider of the transaction", provider, [engine.id]))
  if (issuer !== engine.server.issuer)
    return failed("issuer", differs("issuer of the transaction", issuer, [engine.server.issuer]))
  const target = new URL(redirectUri)
  if (!sameTarget(callback, target)) return failed("redirect_uri", targetDifference(callback, target, differs))
  if (single("state") !== state) return failed("state")
  if (searchParams.has("iss") && !isIssuer(engine.server, single("iss")))
    return failed("issuer", differs("iss", all("iss"), issuersOf(engine.server)))
  if (searchParams.has("error"))
    return callbackError(
      single("error") ?? "",
      redact(single("error_description"), secrets, publicValuesOf({}, engine.settings, engine.server)),
      secrets,
    )
  return canBe("printable", single("code") ?? "") ? undefined : failed("code")
}

const secretsOf = ({ state, nonce, verifier }: Transaction): ReadonlyArray<string> => [state, nonce, verifier]

export const failed = (check: CallbackCheck, detail?: string): Reason => ({
  _tag: "InvalidCallback",
  check,
  ...(detail !== undefined && { detail }),
})

/** Describes the difference of a callback from the redirect URI. Values of the query are not shown. */
const targetDifference = (
  callback: URL,
  redirectUri: URL,
  differs: (name: string, found: unknown, expected: ReadonlyArray<string>) => string,
): string => {
  const [found, expected] = [addressOf(callback), addressOf(redirectUri)]
  return found === expected
    ? "a query parameter of the redirect URI is missing or has another value"
    : differs("redirect URI", found, [expected])
}

/** Returns scheme, host and path. The origin of an app's own scheme is "null". */
const addressOf = ({ protocol, host, pathname }: URL): string => `${protocol}//${host}${pathname}`

const sameTarget = (callback: URL, redirectUri: URL): boolean =>
  callback.protocol === redirectUri.protocol &&
  callback.host === redirectUri.host &&
  callback.pathname === redirectUri.pathname &&
  Array.from(redirectUri.searchParams).every(([name, value]) => callback.searchParams.getAll(name).includes(value))

/** Maps the error code of a callback to a reason (RFC 6749 section 4.1.2.1, OpenID Connect Core 3.1.2.6). */
const callbackError = (code: string, description: string | undefined, secrets: ReadonlyArray<string>): Reason => {
  const detail = description === undefined ? {} : { detail: description }
  if (code === "access_denied") return { _tag: "AccessDenied", code, ...detail }
  if (/^(login|interaction|consent|account_selection)_(required)$/.test(code))
    return { _tag: "InteractionRequired", code, ...detail }
  if (code === "server_error" || code === "temporarily_unavailable")
    return { _tag: "Unavailable", detail: [code, description].filter(Boolean).join(": ") }
  return { _tag: "InvalidCallback", check: "error", ...(isCode(code, secrets) && { code }), ...detail }
}

/** Whether a value has the form of an error code and holds no secret. */
const isCode = (value: string, secrets: ReadonlyArray<string>): boolean =>
  /^[a-z_]{1,64}$/.test(value) && !holdsSecret(value, secrets)
