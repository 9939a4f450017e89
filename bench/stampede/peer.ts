/** Introspects a token in the way under test. */
export type Introspect = (token: string) => Promise<{ readonly active: boolean }>

/** Requests the vendor, which answers after a delay that the token is active. */
export type RequestVendor = () => Promise<{ readonly active: boolean }>

/** The `make` export of every file in `peers/`: makes an introspection on top of the vendor's. */
export type MakeIntrospect = (request: RequestVendor) => Introspect
