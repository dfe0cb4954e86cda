import { VwmpError } from '@vwmp/core';
import { systemCode } from '../shared/system-code.ts';

/** Codes of OpenSSL and Node for a certificate or handshake that is not as it should be. */
const tls =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO|INVALID_CA|INVALID_PURPOSE|CRL_|ERROR_IN_C|PATH_LENGTH_EXCEEDED)/;

/**
 * Gives what the connection threw a code of this plugin. What has one already, or is the reason of an abort, stays.
 *
 * @param what - method and address, for the message
 */
export function connectionError(error: unknown, what: string): VwmpError {
  if (error instanceof VwmpError) return error;
  const code = systemCode(error);
  const reason = describe(error, code);
  if (tls.test(code)) {
    return new VwmpError('HTTP_TLS', `${what}: no trusted connection (${reason}).`, {
      cause: error,
      retryable: false,
    });
  }
  if (code.startsWith('HPE_')) {
    return new VwmpError('HTTP_RESPONSE_INVALID', `${what}: the answer is not HTTP (${reason}).`, {
      cause: error,
    });
  }
  return new VwmpError('HTTP_CONNECTION', `${what}: the connection failed (${reason}).`, { cause: error });
}

function describe(error: unknown, code: string): string {
  const explained: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nothing listens there',
    ECONNRESET: 'the other side closed it',
    ENOTFOUND: 'the host name is not known',
    EAI_AGAIN: 'the name server does not answer',
    ETIMEDOUT: 'the host does not answer',
  };
  const text = explained[code] ?? (error instanceof Error ? error.message : '');
  return [code, text].filter((part) => part !== '').join(', ') || 'no reason given';
}
