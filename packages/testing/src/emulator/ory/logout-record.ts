/** A logout request. */
export interface LogoutRecord {
  readonly challenge: string
  readonly verifier: string
  readonly subject: string
  readonly sid: string
  readonly requestUrl: string
  /** The client that started the logout; `undefined` if the user started it. */
  readonly clientId: string | undefined
  readonly target: string
  /** In seconds since 1970; set only if the user started the logout, or after v26.2.0. */
  readonly requestedAt: number | undefined
  readonly expiresAt: number | undefined
  accepted: boolean
  rejected: boolean
  used: boolean
}
