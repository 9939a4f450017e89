/** The configuration that every vendor shares. */
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import { z } from "zod"

const text = z.string().min(1)

const secret = z
  .union([text, z.custom<Redacted.Redacted<string>>(Redacted.isRedacted, "expected a string or a Redacted string")])
  .transform((value) => (typeof value === "string" ? Redacted.make(value) : value))

const origin = z
  .string()
  .refine((value) => URL.parse(value)?.origin === value && value.startsWith("http://"), "expected an exact http origin, such as http://127.0.0.1:4445")

const privateKey = z.looseObject({ kty: text, alg: text, kid: text.optional(), d: text }, "expected a private JWK with kty, alg and d")

/** The members that every vendor's configuration has; spread them into its `z.strictObject`. */
export const settings = {
  clientId: text,
  /** The client's secret. */
  clientSecret: secret.optional(),
  /** A private JWK to sign client assertions with (RFC 7523), in place of a secret. */
  privateKey: privateKey.optional(),
  /** How the client was registered to prove itself. Default: by the credential given, in the vendor's usual way. */
  clientAuth: z.enum(["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]).optional(),
  redirectUri: z.url().optional(),
  /** Which audiences an introspected token may have. */
  audience: z.union([z.literal("any"), z.array(text).min(1)]).optional(),
  /** What is asked for when a call names no scopes. */
  scopes: z.array(text).optional(),
  /** The longest that one exchange with the vendor may take. Default 10 seconds. */
  timeout: z
    .union([z.number(), z.string(), z.custom<Duration.Duration>(Duration.isDuration)])
    .refine((value) => positive(value), "expected a positive duration, such as \"5 seconds\" or 5000 (milliseconds)")
    .transform((value) => Duration.toMillis(Duration.fromInputUnsafe(value as Duration.Input)))
    .default(10_000),
  /** Seconds that the vendor's clock and ours may differ by. Default 30, at most 60. */
  clockSkew: z.number().min(0).max(60).default(30),
  /** The exact `http:` origins that may be talked to without TLS. */
  insecure: z.array(origin).default([]),
}

const positive = (value: unknown): boolean => {
  try {
    const millis = Duration.toMillis(Duration.fromInputUnsafe(value as Duration.Input))
    return millis > 0 && millis <= 2 ** 31 - 1
  } catch {
    return false
  }
}

const shape = z.strictObject(settings)

/** What a caller writes. */
export type SettingsInput = z.input<typeof shape>

/** What the engine reads. */
export type Settings = z.output<typeof shape>

/** A URL of the vendor's, `https:` unless its origin is listed in `insecure`. */
export const endpoint = z.url().refine((value) => {
  const url = new URL(value)
  return (url.protocol === "https:" || url.protocol === "http:") && url.username === "" && url.password === "" && url.hash === ""
}, "expected an https URL without credentials and fragment")

/** Where the URLs among `urls` are plain http and not listed: one issue each. */
export const insecureIssues = (
  urls: Readonly<Record<string, string | undefined>>,
  insecure: ReadonlyArray<string>,
): ReadonlyArray<{ readonly path: string; readonly message: string }> =>
  Object.entries(urls).flatMap(([path, value]) => {
    const url = value === undefined ? null : URL.parse(value)
    return url?.protocol === "http:" && !insecure.includes(url.origin)
      ? [{ path, message: `${url.origin} is not https; list this exact origin in "insecure" if that is meant` }]
      : []
  })

/** What is wrong with the credentials: one issue, or none. */
export const credentialIssues = (config: Settings): ReadonlyArray<{ readonly path: string; readonly message: string }> => {
  const method = config.clientAuth
  const both = config.clientSecret !== undefined && config.privateKey !== undefined
  if (both) return [{ path: "privateKey", message: "give either clientSecret or privateKey, not both" }]
  if (method === "private_key_jwt" && config.privateKey === undefined) return [{ path: "privateKey", message: "required by clientAuth \"private_key_jwt\"" }]
  if (method?.startsWith("client_secret") && config.clientSecret === undefined) return [{ path: "clientSecret", message: `required by clientAuth "${method}"` }]
  if (method === undefined && config.clientSecret === undefined && config.privateKey === undefined)
    return [{ path: "clientSecret", message: 'required (or privateKey; or clientAuth "none" for a public client)' }]
  if (method === "none" && (config.clientSecret ?? config.privateKey) !== undefined)
    return [{ path: "clientAuth", message: '"none" is for a client without credentials' }]
  return []
}
