import { randomBytes } from "node:crypto"
import { crc32 } from "node:zlib"

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
const randomLength = 37
const checksumLength = 6

const base62 = (value: number): string => {
  let remaining = value
  let digits = ""
  do {
    digits = `${alphabet[remaining % alphabet.length]}${digits}`
    remaining = Math.floor(remaining / alphabet.length)
  } while (remaining > 0)
  return digits.padStart(checksumLength, "0")
}

/** The prefixes of credentials, by kind. */
export const prefixes = {
  clientId: "polar_ci_",
  clientSecret: "polar_cs_",
  registrationToken: "polar_crt_",
  code: "polar_ac_",
  session: "polar_us_",
  accessToken: { user: "polar_at_u_", organization: "polar_at_o_" },
  refreshToken: { user: "polar_rt_u_", organization: "polar_rt_o_" },
  personalToken: "polar_pat_",
  organizationToken: "polar_oat_",
} as const

/** Makes a credential: a prefix, 37 random letters and digits, and their checksum in six characters. */
export const randomToken = (prefix: string): string => {
  const random = Array.from(randomBytes(randomLength), (byte) => alphabet[byte % alphabet.length]).join("")
  return `${prefix}${random}${base62(crc32(random))}`
}
