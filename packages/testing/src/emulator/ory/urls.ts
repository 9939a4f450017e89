const site = "http://127.0.0.1:1"

/** The pages to which the server redirects browsers. Nothing listens there; tests read `Location`. */
export const pages = {
  login: `${site}/login`,
  consent: `${site}/consent`,
  logout: `${site}/logout`,
  device: `${site}/device`,
  deviceDone: `${site}/device/done`,
} as const
