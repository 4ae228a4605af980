import { createHash, createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { presignedToken, presignedUrl } from './presign.ts';
import { readToken } from './presigned.ts';

/** Describes what the library asks of a hash. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer);
  }
  update(data: string | Uint8Array) {
    this.#hash.update(data);
  }
  async digest() {
    return new Uint8Array(this.#hash.digest());
  }
  reset() {}
}

const options = fc.record({
  credentials: fc.record(
    {
      accessKeyId: fc.stringMatching(/^[A-Z0-9]{16,20}$/),
      secretAccessKey: fc.string({ minLength: 20, maxLength: 40 }),
      sessionToken: fc.base64String({ minLength: 4, maxLength: 400 }),
    },
    { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
  ),
  region: fc.constantFrom('us-east-1', 'eu-central-1', 'cn-north-1'),
  clusterId: fc.stringMatching(/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/),
  now: fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) }),
});

test('signatures are those of the SDK', async () => {
  await fc.assert(
    fc.asyncProperty(options, async ({ credentials, region, clusterId, now }) => {
      const url = new URL(presignedUrl({ credentials, region, clusterId, now }));
      const signer = new SignatureV4({ credentials, region, service: 'sts', sha256: Sha256 as never });
      const request = {
        method: 'GET',
        protocol: 'https:',
        hostname: url.host,
        path: '/',
        query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
        headers: { host: url.host, 'x-k8s-aws-id': clusterId },
      };
      const signed = await signer.presign(request, { expiresIn: 60, signingDate: new Date(now) });
      expect(Object.fromEntries(url.searchParams)).toEqual(signed.query);
    }),
  );
});

test('our own tokens are read', () => {
  fc.assert(
    fc.property(options, (each) => {
      const read = readToken(presignedToken(each), { region: each.region, now: each.now });
      expect(read).toMatchObject({ accessKeyId: each.credentials.accessKeyId });
    }),
  );
});
