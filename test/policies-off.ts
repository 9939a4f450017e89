/** Turns every policy off, for tests in which one call is one request. */
export const policiesOff = {
  cache: false,
  singleFlight: false,
  tokenCache: false,
  retry: false,
  circuitBreaker: false,
  trace: false,
} as const
