/** The pages of the application, to which the server redirects browsers. */
export interface OryUrls {
  /** The login page (`urls.login` of Hydra). */
  readonly login: string
  /** The consent page (`urls.consent`). */
  readonly consent: string
  /** The logout page (`urls.logout`). */
  readonly logout: string
  /** The page for the user code of a device (`urls.device.verification`). */
  readonly device: string
  /** The last page of a device's login (`urls.device.success`). */
  readonly deviceDone: string
}

const site = "http://127.0.0.1:1"

/** The default pages. No server listens there; tests read `Location`. */
export const defaultUrls: OryUrls = {
  login: `${site}/login`,
  consent: `${site}/consent`,
  logout: `${site}/logout`,
  device: `${site}/device`,
  deviceDone: `${site}/device/done`,
}
