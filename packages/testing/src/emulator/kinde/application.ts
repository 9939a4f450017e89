import { randomBytes } from "node:crypto"

/** `reg`: back-end web, `spa`: single-page or mobile, `m2m`: machine to machine. */
export type ApplicationType = "reg" | "spa" | "m2m" | "device"

/** The settings of an application that GET returns and PATCH changes, with their defaults. */
export const shownSettings = {
  login_uri: "",
  homepage_uri: "",
  has_cancel_button: false,
  is_access_control_enabled: false,
  is_allow_faceless_auth: false,
  is_ask_for_name: true,
  has_marketing_consent: false,
  has_sign_in_link_on_sign_up_page: true,
  has_register_link_on_sign_in_page: true,
  has_sign_in_with_sso_button: false,
  use_gravatar_fallback: true,
} satisfies Record<string, string | boolean>

/** The token settings of an application. Lifetimes are in seconds. */
export interface TokenSettings {
  readonly accessToken?: number
  readonly refreshToken?: number
  readonly idToken?: number
  readonly session?: number
  /** Renames claims as Hasura expects them. */
  readonly hasura?: boolean
}

/** A registered application: an OAuth client. */
export interface Application {
  readonly id: string
  readonly type: ApplicationType
  readonly secret: string
  readonly orgCode: string | undefined
  readonly grantTypes: ReadonlyArray<string>
  /** Whether this is the application of device authorization requests without `client_id`. */
  readonly defaultDevice: boolean
  /** The allowed scopes, by the audience of the API. */
  readonly grants: Map<string, Set<string>>
  name: string
  redirectUris: ReadonlyArray<string>
  logoutUris: ReadonlyArray<string>
  settings: Readonly<Record<string, string | boolean>>
  tokens: TokenSettings
}

export const deviceGrantType = "urn:ietf:params:oauth:grant-type:device_code"

const grantTypesOf: Readonly<Record<ApplicationType, ReadonlyArray<string>>> = {
  reg: ["authorization_code", "refresh_token"],
  spa: ["authorization_code", "refresh_token"],
  m2m: ["client_credentials"],
  device: [deviceGrantType, "refresh_token"],
}

/** Whether an application is a public client, which has no secret. */
export const isPublic = ({ type }: Pick<Application, "type">): boolean => type === "spa" || type === "device"

export const makeId = (): string => randomBytes(16).toString("hex")

/** Makes a secret in Kinde's format: 52 letters and digits. */
const makeSecret = () => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
  return [...randomBytes(52)].map((byte) => alphabet[byte % alphabet.length]).join("")
}

interface ApplicationParts {
  readonly id?: string
  readonly name?: string
  readonly type: ApplicationType
  readonly secret?: string
  readonly orgCode?: string
  readonly grantTypes?: ReadonlyArray<string>
  readonly defaultDevice?: boolean
  readonly redirectUris?: ReadonlyArray<string>
  readonly logoutUris?: ReadonlyArray<string>
  readonly tokens?: TokenSettings
}

export const makeApplication = (parts: ApplicationParts): Application => {
  const id = parts.id ?? makeId()
  return {
    id,
    type: parts.type,
    secret: isPublic(parts) ? "" : (parts.secret ?? makeSecret()),
    orgCode: parts.orgCode,
    grantTypes: parts.grantTypes ?? grantTypesOf[parts.type],
    defaultDevice: parts.defaultDevice ?? false,
    grants: new Map(),
    name: parts.name ?? id,
    redirectUris: parts.redirectUris ?? [],
    logoutUris: parts.logoutUris ?? [],
    settings: shownSettings,
    tokens: parts.tokens ?? {},
  }
}
