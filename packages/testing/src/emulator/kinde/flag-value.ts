/** The value of a feature flag. Tokens contain the value and its type. */
export type FlagValue = boolean | number | string
