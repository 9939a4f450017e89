/** Every policy off, for a test of what one request does. */
export const policiesOff = {
  cache: false,
  singleFlight: false,
  ownTokens: false,
  retry: false,
  breaker: false,
  trace: false,
} as const
