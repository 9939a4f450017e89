const site = "http://127.0.0.1:1"

/** The pages the server sends browsers to. Nothing listens there: a test reads `Location`. */
export const pages = {
  login: `${site}/login`,
  consent: `${site}/consent`,
  logout: `${site}/logout`,
  device: `${site}/device`,
  deviceDone: `${site}/device/done`,
} as const
