/** The target of a request (RFC 9112 section 3.2). */

/**
 * Returns the path of a target without its query. A target may be a whole URL (RFC 9112 section 3.2.2) of any scheme: its
 * host is ignored, like the header `Host`, because callers choose both.
 */
export const pathOf = (target: string): string => {
  const path = target.startsWith("/") ? target : target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, "")
  const end = path.indexOf("?")
  // A URL without a path names the root.
  return (end === -1 ? path : path.slice(0, end)) || "/"
}

/**
 * Returns the address of a target below `base`. A target that is not a path, such as `*`, names the server itself:
 * appended to `base`, it would change the name of the host.
 */
export const addressOf = (base: string, target: string): string => {
  const path = pathOf(target)
  return path.startsWith("/") ? base + path : base
}
