/** The configuration that every vendor shares. */
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import { z } from "zod"
import { algorithms } from "../../../ports/signature.ts"
import { policySettings } from "./policy-settings.ts"

const text = z.string().min(1)

const holdsText = (value: unknown): boolean => {
  try {
    return Redacted.isRedacted(value) && text.safeParse(Redacted.value(value)).success
  } catch {
    // It was wiped.
    return false
  }
}

/** A secret: a string, or one that is Redacted already. */
export const secret = z
  .union([text, z.custom<Redacted.Redacted<string>>(holdsText)], {
    error: ({ input }) => (input === undefined ? "required" : "expected a string or a Redacted string, not empty"),
  })
  .transform((value) => (typeof value === "string" ? Redacted.make(value) : value))

const origin = z
  .string()
  .refine(
    (value) => URL.parse(value)?.origin === value && value.startsWith("http://"),
    "expected an exact http origin, such as http://127.0.0.1:4445",
  )

const privateKey = z.looseObject(
  { kty: text, alg: z.enum(Object.keys(algorithms)), kid: text.optional(), d: text },
  `expected a private JWK with kty, d and alg, one of ${Object.keys(algorithms).join(", ")}`,
)

/** The members that every vendor's configuration has; spread them into its `z.strictObject`. */
export const settings = {
  clientId: text,
  /** The client's secret; or the new one and the old one, while it is being replaced. */
  clientSecret: z
    .union(
      [secret, z.tuple([secret, secret]).readonly()],
      "expected a secret, not empty; or two, the new one and the old one",
    )
    .transform((given) => (Redacted.isRedacted(given) ? given : given[0]))
    .optional(),
  /** A private JWK to sign client assertions with (RFC 7523), in place of a secret. */
  privateKey: privateKey.optional(),
  /** How the client was registered to prove itself. Default: by the credential given, in the vendor's usual way. */
  clientAuth: z.enum(["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]).optional(),
  redirectUri: z.url().optional(),
  /** Which audiences an introspected token may have. */
  audience: z.union([z.literal("any"), z.array(text).min(1).readonly()]).optional(),
  /** What is asked for when a call names no scopes. */
  scopes: z.array(text).readonly().optional(),
  /** The longest that one exchange with the vendor may take. Default 10 seconds. */
  timeout: z
    .union([z.number(), z.string(), z.custom<Duration.Duration>(Duration.isDuration)])
    .refine((value) => positive(value), 'expected a positive duration, such as "5 seconds" or 5000 (milliseconds)')
    .transform((value) => Duration.toMillis(Duration.fromInputUnsafe(value as Duration.Input)))
    .default(10_000),
  /** Seconds that the vendor's clock and ours may differ by. Default 30, at most 60. */
  clockSkew: z.number().min(0).max(60).default(30),
  /** The exact `http:` origins that may be talked to without TLS. */
  insecure: z.array(origin).readonly().default([]),
  ...policySettings,
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

/** What the engine reads. */
export type Settings = z.output<typeof shape>

const isEndpoint = (value: string): boolean => {
  const { protocol, username, password, hash } = new URL(value)
  return (protocol === "https:" || protocol === "http:") && username === "" && password === "" && hash === ""
}

/** A URL of the vendor's, `https:` unless its origin is listed in `insecure`. */
export const endpoint = z
  .url({ abort: true })
  .refine(isEndpoint, "expected an https URL without credentials and fragment")

/** One that others are made from, by adding to its path. */
export const baseUrl = endpoint.refine(
  (value) => URL.parse(value)?.search === "",
  "expected a URL without a query: paths are added to it",
)

type Found = ReadonlyArray<{ readonly path: string; readonly message: string }>

/** What a caller wrote, whatever it is: looked at beside the schema, so that every problem is found at once. */
export type Written = Readonly<Record<string, unknown>>

/** Members that are no address of the vendor's, whatever they look like. */
const ours: ReadonlySet<string> = new Set(["redirectUri", "clientId", "clientSecret", "apiKey"])

/** The vendor's URLs that are plain http and not listed. A redirect URI is the caller's own. */
export const insecureIssues = (config: Written): Found => {
  const listed = Array.isArray(config.insecure) ? config.insecure : []
  const nested = typeof config.endpoints === "object" && config.endpoints !== null ? config.endpoints : {}
  const named = Object.entries(nested).map(([name, value]) => [`endpoints.${name}`, value] as const)
  return [...Object.entries(config), ...named].flatMap(([path, value]) => {
    const url = typeof value === "string" && !ours.has(path) ? URL.parse(value) : null
    if (url?.protocol !== "http:" || listed.includes(url.origin)) return []
    return [{ path, message: `${url.origin} is not https; list this exact origin in "insecure" if that is meant` }]
  })
}

/** What is wrong with the credentials. */
export const credentialIssues = ({ clientAuth, clientSecret, privateKey }: Written): Found => {
  if (clientSecret !== undefined && privateKey !== undefined)
    return [{ path: "privateKey", message: "give either clientSecret or privateKey, not both" }]
  if (clientAuth === "none")
    return (clientSecret ?? privateKey) === undefined
      ? []
      : [{ path: "clientAuth", message: '"none" is for a client without credentials' }]
  const wanted =
    clientAuth === "private_key_jwt" ? "privateKey" : typeof clientAuth === "string" ? "clientSecret" : undefined
  if (wanted === undefined)
    return (clientSecret ?? privateKey) === undefined
      ? [{ path: "clientSecret", message: 'required (or privateKey; or clientAuth "none" for a public client)' }]
      : []
  return { clientSecret, privateKey }[wanted] === undefined
    ? [{ path: wanted, message: `required by clientAuth "${String(clientAuth)}"` }]
    : []
}
