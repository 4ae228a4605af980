import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  ListSecretsCommand,
  type SecretListEntry,
  type SecretsManagerClient,
  TagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { ApiError } from '../../../errors/apiError.ts';
import type { Secret } from '../../../kinds/schema/types.ts';
import type { SecretRef, SecretReference, SecretVault } from '../../provider.ts';
import { isCode } from '../errors.ts';
import { openSender, type Sender, type SenderOptions } from '../sender.ts';
import { refOf, tagMap, tags } from '../tags.ts';
import { fingerprintOf, isHeld, payloadOf } from './payload.ts';
import {
  type Copy,
  createSecretRequest,
  deleteSecretRequest,
  descriptionOf,
  listSecretsRequest,
  secretName,
  tagSecretRequest,
  updateSecretRequest,
} from './requests.ts';

export interface SecretVaultOptions extends SenderOptions {
  client: Pick<SecretsManagerClient, 'send'>;
  deployment: string;
  /** Key that encrypts the copies; absent: the account's own for Secrets Manager. */
  kmsKey?: string;
}

/**
 * Copies Secrets to Secrets Manager, one for one. What is there already is seen by its description, so an unchanged
 * Secret costs one DescribeSecret, and values are never read back.
 */
export const openSecretVault = (options: SecretVaultOptions): SecretVault => new SecretsManagerVault(options);

class SecretsManagerVault implements SecretVault {
  readonly #client: Pick<SecretsManagerClient, 'send'>;
  readonly #deployment: string;
  readonly #kmsKey: string | undefined;
  readonly #send: Sender;

  constructor({ client, deployment, kmsKey, ...options }: SecretVaultOptions) {
    this.#client = client;
    this.#deployment = deployment;
    this.#kmsKey = kmsKey;
    this.#send = openSender(options);
  }

  async project(ref: SecretRef, secret: Secret): Promise<SecretReference> {
    const copy = this.#copyOf(ref, secret);
    const found = await this.#describe(ref);
    if (!found) return this.#create(copy);
    if (!isOf(this.#deployment, found)) {
      const name = secretName(this.#deployment, ref);
      throw new ApiError('Conflict', `the secret ${name} in AWS Secrets Manager is not this deployment's`);
    }
    if (found.Description !== descriptionOf(copy.fingerprint)) {
      const request = new UpdateSecretCommand(updateSecretRequest(copy));
      await this.#send('UpdateSecret', () => this.#client.send(request));
    }
    if (tagMap(found.Tags)[tags.uid] !== ref.uid) {
      const request = new TagResourceCommand(tagSecretRequest(copy));
      await this.#send('TagResource', () => this.#client.send(request));
    }
    return { arn: found.ARN ?? '' };
  }

  async find(ref: SecretRef, secret: Secret): Promise<SecretReference | undefined> {
    if (!isHeld(secret)) return undefined;
    const { fingerprint } = this.#copyOf(ref, secret);
    const found = await this.#describe(ref);
    const current =
      found && isOf(this.#deployment, found) && found.Description === descriptionOf(fingerprint);
    return current ? { arn: found.ARN ?? '' } : undefined;
  }

  async remove(ref: SecretRef): Promise<void> {
    const request = new DeleteSecretCommand(deleteSecretRequest(secretName(this.#deployment, ref)));
    try {
      await this.#send('DeleteSecret', () => this.#client.send(request));
    } catch (error) {
      if (!isCode((error as Error).cause, 'ResourceNotFoundException')) throw error;
    }
  }

  async list(): Promise<SecretRef[]> {
    const found: SecretListEntry[] = [];
    let next: string | undefined;
    do {
      const request = new ListSecretsCommand(listSecretsRequest(this.#deployment, next));
      const answer = await this.#send('ListSecrets', () => this.#client.send(request));
      found.push(...(answer.SecretList ?? []));
      next = answer.NextToken;
    } while (next);
    return found.flatMap(({ Tags }) => refOf(this.#deployment, tagMap(Tags)) ?? []);
  }

  #copyOf(ref: SecretRef, secret: Secret): Copy {
    const payload = payloadOf(secret);
    const fingerprint = fingerprintOf(ref.uid, payload);
    return { deployment: this.#deployment, ref, payload, fingerprint, kmsKey: this.#kmsKey };
  }

  async #describe(ref: SecretRef): Promise<DescribeSecretCommandOutput | undefined> {
    const request = new DescribeSecretCommand({ SecretId: secretName(this.#deployment, ref) });
    try {
      const found = await this.#send('DescribeSecret', () => this.#client.send(request));
      if (found.DeletedDate) throw goingAway(ref);
      return found;
    } catch (error) {
      if (isCode((error as Error).cause, 'ResourceNotFoundException')) return undefined;
      throw error;
    }
  }

  async #create(copy: Copy): Promise<SecretReference> {
    const request = new CreateSecretCommand(createSecretRequest(copy));
    try {
      const { ARN = '' } = await this.#send('CreateSecret', () => this.#client.send(request));
      return { arn: ARN };
    } catch (error) {
      // A deletion takes a moment, during which the name is not free.
      if (isCode((error as Error).cause, 'InvalidRequestException')) throw goingAway(copy.ref);
      throw error;
    }
  }
}

const isOf = (deployment: string, { Tags }: DescribeSecretCommandOutput) =>
  tagMap(Tags)[tags.deployment] === deployment;

const goingAway = ({ namespace, name }: SecretRef) =>
  new ApiError('ServiceUnavailable', `the copy of Secret ${namespace}/${name} is being deleted`, {
    details: { retryAfterSeconds: 5 },
  });
