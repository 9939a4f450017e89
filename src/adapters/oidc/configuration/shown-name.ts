/** Returns a name for an error: as it is if it may be misspelt, `[redacted]` if it may be a value in the wrong place. */
export const shownName = (name: string): string => (/^[a-z_]{1,40}$/i.test(name) ? name : "[redacted]")
