/** A third party whose tokens the tenant stores for users and organizations. */
export interface ConnectedApp {
  readonly keyCodeRef: string
  readonly callbackUrl: string | undefined
}

/** A session to connect one account at a third party. */
export interface Connection {
  readonly app: ConnectedApp
  readonly callbackUrl: string | undefined
  connected: boolean
  token: { readonly value: string; readonly expiresAt: number } | undefined
}
