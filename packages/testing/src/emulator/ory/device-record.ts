import type { Grant } from "./grant-records.ts"

/** A device authorization request. */
export interface DeviceRecord {
  readonly deviceCode: string
  readonly userCode: string
  readonly clientId: string
  readonly scopes: ReadonlyArray<string>
  readonly audience: ReadonlyArray<string>
  /** In seconds since 1970. */
  readonly expiresAt: number
  verifier: { readonly secret: string; readonly csrf: string } | undefined
  grant: Grant | undefined
  used: boolean
}
