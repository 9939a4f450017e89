/** The failures of TLS, by code. */
import type { Reason } from "../../ports/errors.ts"

/** The meaning of each code, and what to do. */
const meanings: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "the server's certificate has expired: renew it, or correct the clock of this machine",
  CERT_NOT_YET_VALID: "the server's certificate is not valid yet: compare the clocks",
  CERT_REVOKED: "the server's certificate was revoked: replace it",
  DEPTH_ZERO_SELF_SIGNED_CERT:
    "the server's certificate is self-signed: name it in `tls.ca`, or in NODE_EXTRA_CA_CERTS without `tls.ca`, or use one of a trusted authority",
  SELF_SIGNED_CERT_IN_CHAIN:
    "the authority of the server's certificate is not trusted: name its certificate in `tls.ca`, or in NODE_EXTRA_CA_CERTS without `tls.ca`",
  UNABLE_TO_GET_ISSUER_CERT:
    "the authority of the server's certificate is not trusted: name its certificate in `tls.ca`, or in NODE_EXTRA_CA_CERTS without `tls.ca`",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "the authority of the server's certificate is not trusted: name its certificate in `tls.ca`, or in NODE_EXTRA_CA_CERTS without `tls.ca`",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "the authority of the server's certificate is unknown: let the server send the intermediate certificates, or name the authority in `tls.ca`, or in NODE_EXTRA_CA_CERTS without `tls.ca`",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "the server's certificate is for another host: correct the configured address, or the certificate",
  ERR_SSL_WRONG_VERSION_NUMBER: "the server does not speak TLS at this address: check the scheme and the port",
}

/** Codes of OpenSSL's verification of certificates, and of Node's check of the host. */
const certificate =
  /^(?:CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY|DECRYPT|DECODE)_|ERROR_IN_C|ERR_TLS_CERT_|HOSTNAME_MISMATCH$|INVALID_(?:CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$)/

/** Codes of a handshake that failed before a certificate was verified. */
const handshake = /^(?:EPROTO$|ERR_SSL_)/

/** Alerts with which a server reports an internal failure, which may be temporary. */
const passing = /INTERNAL_ERROR|BAD_RECORD_MAC|USER_CANCELLED/

type Outage = Extract<Reason, { readonly _tag: "Unavailable" }>

/** Returns the reason for an error code of TLS; `undefined` for another code. A retry would fail again. */
export const tlsFailure = (code: string): Outage | undefined => {
  const isCertificate = certificate.test(code)
  if (!isCertificate && !handshake.test(code)) return undefined
  const meaning =
    meanings[code] ??
    (isCertificate
      ? "the server's certificate was not accepted: check the certificate"
      : "the TLS handshake failed: check the scheme, the port and the TLS versions of the server")
  return {
    _tag: "Unavailable",
    detail: `TLS failure ${code}: ${meaning}`,
    ...(!passing.test(code) && { permanent: true }),
  }
}
