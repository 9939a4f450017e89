/** A configuration as the caller wrote it. It is checked beside the schema, so that every problem is found at once. */
export type UncheckedConfiguration = Readonly<Record<string, unknown>>
