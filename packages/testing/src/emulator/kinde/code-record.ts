import type { Grant } from "./token-record.ts"

/** An issued authorization code. */
export interface CodeRecord {
  readonly grant: Grant
  readonly redirectUri: string
  readonly challenge: string | undefined
  /** In seconds since 1970. */
  readonly expiresAt: number
  used: boolean
}
