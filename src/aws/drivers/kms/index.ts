import {
  DecryptCommand,
  type DecryptCommandInput,
  GenerateDataKeyCommand,
  type GenerateDataKeyCommandInput,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { ApiError } from '../../../shared/errors/apiError.ts';
import type { KeyWrapper } from '../../../shared/storage/decorators/encryption.ts';
import { openSender, type SenderOptions } from '../sender.ts';
import { tags } from '../tags.ts';

export interface KmsOptions extends SenderOptions {
  client: Pick<KMSClient, 'send'>;
  /** ARN or id of the key that wraps new data keys. */
  keyId: string;
  /** Keys that wrapped earlier ones and may still open them. */
  formerKeyIds?: string[];
  /** Bound into every wrapped key, and visible in CloudTrail. */
  deployment: string;
}

/** Data keys wrapped by a KMS key. Throws Forbidden for keys that are not ours, without asking KMS. */
export function openKmsKeys({
  client,
  keyId,
  formerKeyIds = [],
  deployment,
  ...options
}: KmsOptions): KeyWrapper {
  const send = openSender(options);
  return {
    keyId,
    async generate() {
      const request = new GenerateDataKeyCommand(generateRequest(keyId, deployment));
      const { Plaintext, CiphertextBlob } = await send('GenerateDataKey', () => client.send(request));
      return { secret: Plaintext!, wrapped: CiphertextBlob! };
    },
    async unwrap(wrapped, id) {
      if (id !== keyId && !formerKeyIds.includes(id))
        throw new ApiError('Forbidden', `${JSON.stringify(id)} is not a key of this deployment`);
      const request = new DecryptCommand(decryptRequest(id, wrapped, deployment));
      return (await send('Decrypt', () => client.send(request))).Plaintext!;
    },
  };
}

const contextOf = (deployment: string) => ({ [tags.deployment]: deployment });

export const generateRequest = (keyId: string, deployment: string): GenerateDataKeyCommandInput => ({
  KeyId: keyId,
  KeySpec: 'AES_256',
  EncryptionContext: contextOf(deployment),
});

/** Names the key, so that a blob wrapped by somebody else's key is refused. */
export const decryptRequest = (
  keyId: string,
  wrapped: Uint8Array,
  deployment: string,
): DecryptCommandInput => ({
  KeyId: keyId,
  CiphertextBlob: wrapped,
  EncryptionContext: contextOf(deployment),
});
