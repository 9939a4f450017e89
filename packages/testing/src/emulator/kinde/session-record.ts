/** A login session of one browser. */
export interface SessionRecord {
  readonly userId: string
  /** In seconds since 1970. */
  readonly since: number
}
