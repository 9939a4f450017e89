/** The largest response bodies, in bytes: far more than real responses, far less than an attack sends. */
export const maxBytes = {
  /** For operations without a limit of their own. */
  default: 1 << 20,
  introspection: 256 << 10,
  token: 64 << 10,
  userInfo: 256 << 10,
} as const
