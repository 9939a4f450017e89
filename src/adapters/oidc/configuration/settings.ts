/** The members of every vendor's configuration, as schemas. */
import * as Redacted from "effect/Redacted"
import { z } from "zod"
import { toMillis } from "../../../internal/duration.ts"
import { algorithms } from "../../../internal/jwa.ts"
import type { Log } from "../../../ports/log.ts"
import { connectionSettings } from "./connection-settings.ts"
import { durationBetween, timeLimit } from "./duration.ts"
import { policySettings } from "./policy-settings.ts"
import { secret, secretProblem, text } from "./secret.ts"

const insecureOrigin = z
  .string()
  .refine(
    (value) => URL.parse(value)?.origin === value && value.startsWith("http://"),
    "expected an exact http origin, such as http://127.0.0.1:4445",
  )

const privateKey = z.looseObject(
  { kty: text, alg: z.enum(Object.keys(algorithms)), kid: text.optional(), d: text },
  `expected a private JWK with kty, d and alg, one of ${Object.keys(algorithms).join(", ")}`,
)

const clientSecretProblem = (input: unknown): string => {
  const pair: ReadonlyArray<unknown> = Array.isArray(input) ? input : [input]
  const specific = pair.map((each) => (each ? secretProblem(each) : undefined)).find((problem) => problem !== undefined)
  return specific === undefined || specific.endsWith("not empty")
    ? "expected a secret, not empty; or two: the new one and the old one"
    : specific
}

/** How a client can authenticate. */
export const clientAuthMethods = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"] as const

/** The members of every vendor's configuration: spread them into its `z.strictObject`. See `CommonConfig`. */
export const settings = {
  clientId: text,
  clientSecret: z
    .union([secret, z.tuple([secret, secret]).readonly()], { error: ({ input }) => clientSecretProblem(input) })
    .transform((value) => (Redacted.isRedacted(value) ? value : value[0]))
    .optional(),
  privateKey: privateKey.optional(),
  log: z.custom<Log>((value) => typeof value === "function", "expected a function of one event").optional(),
  clientAuth: z.enum(clientAuthMethods).optional(),
  redirectUri: z.url().optional(),
  audience: z.union([z.literal("any"), z.array(text).min(1).readonly()]).optional(),
  scopes: z.array(text).readonly().optional(),
  attemptTimeout: timeLimit.default("5 seconds").transform(toMillis),
  clockSkew: durationBetween("0 seconds", "60 seconds").default("30 seconds").transform(toMillis),
  insecureOrigins: z.array(insecureOrigin).readonly().default([]),
  ...connectionSettings,
  ...policySettings,
}

const shape = z.strictObject(settings)

/** The settings that the engine reads: `attemptTimeout` and `clockSkew` are milliseconds. */
export type Settings = z.output<typeof shape>

const isEndpoint = (value: string): boolean => {
  const { protocol, username, password, hash } = new URL(value)
  return (protocol === "https:" || protocol === "http:") && username === "" && password === "" && hash === ""
}

/** A URL of the vendor. It must be `https:` unless its origin is listed in `insecureOrigins`. */
export const endpoint = z
  .url({ abort: true })
  .refine(isEndpoint, "expected an https URL without credentials and fragment")

/** A URL of the vendor to which paths are added. */
export const baseUrl = endpoint.refine(
  (value) => URL.parse(value)?.search === "",
  "expected a URL without a query: paths are added to it",
)
