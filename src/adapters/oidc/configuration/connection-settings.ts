/** The members of a configuration that concern the connections to the vendor, as schemas. */
import * as Redacted from "effect/Redacted"
import { z } from "zod"
import { expectedProxy, proxyUrl } from "../../transport/proxy-settings.ts"
import type { TlsFiles } from "../../transport/transport-options.ts"
import { durationBetween } from "./duration.ts"
import { secret } from "./secret.ts"

const isPem = (value: string): boolean => value.includes("-----BEGIN ")

const pem = z.string().refine(isPem, "expected the text of a PEM file, which begins with -----BEGIN")

/** A private key as a PEM text. It has line breaks, which other secrets must not have. */
const pemKey = z
  .union([pem, z.custom<Redacted.Redacted<string>>((value) => Redacted.isRedacted(value) && isPemKey(value))], {
    error: ({ input }) =>
      input === undefined
        ? "required"
        : "expected the text of a PEM file, or a Redacted one, which begins with -----BEGIN",
  })
  .transform((value) => (typeof value === "string" ? Redacted.make(value) : value))

const isPemKey = (value: Redacted.Redacted<unknown>): boolean => {
  try {
    const content = Redacted.value(value)
    return typeof content === "string" && isPem(content)
  } catch {
    return false
  }
}

/** Headers that latchkey or HTTP itself sets. */
const reserved: ReadonlySet<string> = new Set([
  ...["accept", "accept-encoding", "authorization", "connection", "content-encoding", "content-length"],
  ...["content-type", "dpop", "expect", "host", "keep-alive", "proxy-authorization", "proxy-connection", "te"],
  ...["trailer", "transfer-encoding", "upgrade"],
])

const headerProblem = (name: string): string | undefined => {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return "expected the name of a header (RFC 9110)"
  if (reserved.has(name.toLowerCase())) return "cannot be replaced: latchkey sets this header"
  return name.toLowerCase() === "user-agent" ? "use userAgent for this header" : undefined
}

const isHeaderValue = (value: Redacted.Redacted<string>): boolean =>
  /^[\x20-\x7e\x80-\xff]+$/.test(Redacted.value(value))

const headers = z
  .record(z.string(), secret.refine(isHeaderValue, "expected a value of characters that HTTP allows in a header"))
  .superRefine((value, context) => {
    const seen = new Set<string>()
    for (const name of Object.keys(value)) {
      const message = headerProblem(name) ?? (seen.has(name.toLowerCase()) ? "given twice" : undefined)
      seen.add(name.toLowerCase())
      if (message !== undefined) context.addIssue({ code: "custom", path: [name], message })
    }
  })

const tls = z
  .strictObject({
    ca: z.union([pem, z.array(pem).min(1).readonly()], "expected the text of a PEM file, or a list of them").optional(),
    cert: pem.optional(),
    key: pemKey.optional(),
  })
  .superRefine(({ cert, key }, context) => {
    if ((cert === undefined) === (key === undefined)) return
    const [path, other] = cert === undefined ? ["cert", "key"] : ["key", "cert"]
    context.addIssue({ code: "custom", path: [path], message: `required by tls.${other}` })
  })

/** The schemas of these members; see `CommonConfig`. */
export const connectionSettings = {
  tls: tls.optional(),
  proxy: z
    .string()
    .refine((value) => proxyUrl(value) !== undefined, expectedProxy)
    .transform((value) => proxyUrl(value) ?? value)
    .optional(),
  headers: headers.optional(),
  userAgent: z
    .string()
    .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, "expected ASCII characters without line breaks, not empty")
    .optional(),
  maxConnectionAge: durationBetween("1 second", "1 day").optional(),
}

/** Returns the texts of certificates and keys, for the platform. */
export const tlsFilesOf = (files: z.output<typeof tls> | undefined): TlsFiles | undefined =>
  files && { ...files, key: files.key && Redacted.value(files.key) }
