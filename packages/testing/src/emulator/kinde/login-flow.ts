/** An authorization request before the login. */
export interface LoginFlow {
  readonly applicationId: string
  readonly redirectUri: string
  readonly state: string
  readonly scopes: ReadonlyArray<string>
  readonly audience: ReadonlyArray<string>
  readonly challenge: string | undefined
  readonly nonce: string | undefined
  readonly hint: string
  readonly orgCode: string | undefined
  /** The name of an organization to create for the user. */
  readonly newOrganization: string | undefined
  readonly requestedAt: number
}
