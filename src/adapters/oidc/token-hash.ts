/** A key under which an adapter remembers a token for a short time. */
import { signatures } from "#signature"

/** A one-way hash of a token, or the token itself where the platform has no synchronous hash. */
export const tokenHash = (token: string): string => signatures.digest?.(token) ?? token
