/** The target of a request (RFC 9112 section 3.2). */

/**
 * Returns the path of a target without its query. A target may be a whole URL (RFC 9112 section 3.2.2): its host counts
 * no more than the header `Host`, because callers choose both.
 */
export const pathOf = (target: string): string => {
  const path = target.startsWith("/") ? target : target.replace(/^https?:\/\/[^/?#]*/i, "")
  const end = path.indexOf("?")
  // A URL without a path names the root.
  return (end === -1 ? path : path.slice(0, end)) || "/"
}
