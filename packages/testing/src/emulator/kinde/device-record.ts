/** A device authorization. */
export interface DeviceRecord {
  readonly userCode: string
  readonly applicationId: string
  readonly scopes: ReadonlyArray<string>
  readonly audience: ReadonlyArray<string>
  /** In seconds since 1970. */
  readonly expiresAt: number
  /** The user's answer. */
  decision:
    | {
        readonly userId: string
        readonly orgCode: string | undefined
        readonly authTime: number
        readonly requestedAt: number
      }
    | "denied"
    | undefined
  /** In milliseconds since 1970. */
  lastPoll: number | undefined
  /** In seconds. */
  interval: number
  used: boolean
}
