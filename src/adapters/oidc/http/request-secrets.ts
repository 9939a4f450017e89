/** The secrets of requests. */

/** The secrets of a request, which no error may contain. */
export const secretsOf = (
  form: URLSearchParams | undefined,
  authorization: string | undefined,
): ReadonlyArray<string> => [
  ...[
    "token",
    "code",
    "code_verifier",
    "refresh_token",
    "assertion",
    "client_assertion",
    "client_secret",
    "device_code",
  ].flatMap((name) => form?.getAll(name) ?? []),
  ...(authorization === undefined ? [] : [authorization.slice(authorization.indexOf(" ") + 1)]),
]
