import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import { Fault } from '../../domain/fault.ts'
import type { HttpRequest } from '../../domain/message.ts'
import type { Millis } from '../../domain/time.ts'

/** As in `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`. */
export type AwsKeys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string }

type Sign = NonNullable<HttpRequest['sign']>

/** Those of the request where it has any; half a pair is no pair, and is not completed by another one's half. */
function keysFor({ accessKeyId, secretAccessKey, sessionToken }: Sign, own: AwsKeys | null): AwsKeys {
  if (accessKeyId !== '' && secretAccessKey !== '') {
    return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) }
  }
  if (accessKeyId !== '' || secretAccessKey !== '') {
    throw new Fault('invalid', 'Access key ID and secret access key belong together: give both, or neither.')
  }
  if (own !== null) return own
  throw new Fault('invalid', 'There are no AWS keys: neither in the channel nor as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.')
}

/** A request as AWS's library takes it apart. The host is signed, but not sent as a header of ours: whoever sends it sets the same. */
function unsigned({ method, url, headers, body }: HttpRequest) {
  const { protocol, hostname, host, port, pathname, searchParams } = new URL(url)
  return {
    method,
    protocol,
    hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { ...headers, host },
    body,
  }
}

/**
 * Signs requests that ask for it (AWS Signature Version 4, by AWS's own library); others are given back as they are. `own`: the server's keys, for those
 * that come with empty ones. Throws a fault when there are no keys. A signature holds for some minutes: sign each try anew.
 */
export const aSigner =
  (own: AwsKeys | null) =>
  async (request: HttpRequest, now: Millis): Promise<HttpRequest> => {
    const { sign, ...plain } = request
    if (sign === undefined) return plain
    const signer = new SignatureV4({
      service: sign.service,
      region: sign.region,
      credentials: keysFor(sign, own),
      sha256: Sha256,
      // The body's hash is signed anyway; only S3 wants it as a header.
      applyChecksum: false,
    })
    const { headers } = await signer.sign(unsigned(request), { signingDate: new Date(now) })
    const { host: _, ...sent } = headers
    return { ...plain, headers: sent }
  }
