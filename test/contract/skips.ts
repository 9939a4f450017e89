/** Where a server really differs: sentences that do not hold for it, with the reason. */

/** Hydra before v25.4 has no device endpoint; that it is refused by name is tested apart. */
export const noDeviceGrant: Readonly<Record<string, string>> = {
  "a device gets its tokens when the user has finished elsewhere": "this release has no device grant",
}

/** Asks a running server (or knows of the one we build) whether its discovery names a device endpoint. */
export const deviceGrantSkips = async (publicUrl: string | undefined): Promise<Readonly<Record<string, string>>> => {
  if (publicUrl === undefined) return noDeviceGrant
  const response = await fetch(`${publicUrl}/.well-known/openid-configuration`)
  const metadata = (await response.json()) as { readonly device_authorization_endpoint?: string }
  return metadata.device_authorization_endpoint === undefined ? noDeviceGrant : {}
}
