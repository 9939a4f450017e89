/** The texts that a fleet stores: a header that scripts read, and a sealed value that covers the header. */

/** The header from which a script decides whether an entry is valid. The texts have no `|`. */
export interface EntryHeader {
  /** The start mark of the store. */
  readonly mark: string
  /** The number of ends when the request started. */
  readonly revision: string
  /** When the request started, in milliseconds since 1970 by the clock of the server. */
  readonly startedAt: string
  /** The names of the parties. */
  readonly parties: ReadonlyArray<string>
}

/** The first member is the version of the format. */
export const headerText = ({ mark, revision, startedAt, parties }: EntryHeader): string =>
  `1|${mark}|${revision}|${startedAt}|${parties.join(",")}|`

/** Splits the text of an entry into its header and its sealed value. */
export const divided = (text: string): readonly [header: string, sealed: string] => {
  const end = text.lastIndexOf("|") + 1
  return [text.slice(0, end), text.slice(end)]
}

/** The revision as the port has it: the mark, the number of ends and the time. */
export const revisionText = (mark: string, revision: string, startedAt: string): string =>
  [mark, revision, startedAt].join(":")

/** Reads a revision; `undefined` for another text. */
export const readRevision = (text: string): Omit<EntryHeader, "parties"> | undefined => {
  const [, mark, revision, startedAt] = /^([\w-]+):(\d+):(\d+)$/.exec(text) ?? []
  return mark === undefined || revision === undefined || startedAt === undefined
    ? undefined
    : { mark, revision, startedAt }
}

/** Reads a sealed value: the id of its key, and its bytes if their text has its one form. */
export const parts = (sealed: string): { readonly id: string; readonly bytes: Buffer | undefined } => {
  const dot = sealed.indexOf(".")
  const text = sealed.slice(dot + 1)
  const bytes = Buffer.from(text, "base64url")
  return { id: sealed.slice(0, Math.max(0, dot)), bytes: bytes.toString("base64url") === text ? bytes : undefined }
}
