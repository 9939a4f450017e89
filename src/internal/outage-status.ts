/** The statuses with which a server or a gateway reports that it did not process a request. */

/**
 * Whether a status reports an outage: 5xx, 408 (Request Timeout, RFC 9110 section 15.5.9) or 425 (Too Early, RFC 8470
 * section 5.2). The same request may succeed later.
 */
export const isOutageStatus = (status: number): boolean => status >= 500 || status === 408 || status === 425
