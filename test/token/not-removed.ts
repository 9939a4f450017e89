/** The data that no test takes out, each with the reason. A pattern is compared with the definition and the datum. */
export const notRemoved: ReadonlyArray<readonly [RegExp, string]> = [
  [/ issuer$/, "without it there is no server"],
  [/ metadataUrl$/, "without it there is no metadata"],
  [/ originAdvice$/, "the text of a refusal has a test of its own"],
  [/^better-auth errors\.2\.operations$/, 'a row that ends in "Done" decides revoke only, also without this member'],
  [/^clerk kind\.1\.is$/, "the check of jwt.types comes first"],
]

export const isRemoved = (definition: string, path: ReadonlyArray<string>): boolean =>
  !notRemoved.some(([pattern]) => pattern.test(`${definition} ${path.join(".")}`))
