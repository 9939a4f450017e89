/** One way to ask about a token, as a measured process sees it. */
export type Introspect = (token: string) => Promise<{ readonly active: boolean }>

/** Asks the vendor, which takes its time to say that the token is active. */
export type AskVendor = () => Promise<{ readonly active: boolean }>

/** What every file in `peers/` exports as `make`: a way that may ask the vendor. */
export type MakeIntrospect = (ask: AskVendor) => Introspect
