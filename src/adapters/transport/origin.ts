/** Returns the origin of an absolute URL as it is written. Faster than parsing the whole URL. */
export const originOf = (url: string): string => {
  const slash = url.indexOf("/", "https://".length)
  return slash === -1 ? url : url.slice(0, slash)
}
