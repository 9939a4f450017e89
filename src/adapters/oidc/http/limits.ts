/** How much of an answer is read, in bytes: far more than any true one, far less than an attack. */
export const maxBytes = {
  /** Where the operation has no bound of its own. */
  default: 1 << 20,
  introspection: 256 << 10,
  token: 64 << 10,
  userInfo: 256 << 10,
} as const
