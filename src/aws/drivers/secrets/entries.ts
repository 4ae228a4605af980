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
import { ApiError } from '../../../shared/errors/apiError.ts';
import type { SecretRef } from '../../../shared/ports/cloud.ts';
import { isCode } from '../errors.ts';
import { openSender, type Sender, type SenderOptions } from '../sender.ts';
import { refOf, tagMap, tags } from '../tags.ts';
import {
  createSecretRequest,
  deleteSecretRequest,
  type Entry,
  listSecretsRequest,
  secretName,
  tagSecretRequest,
  updateSecretRequest,
} from './requests.ts';

export interface EntriesOptions extends SenderOptions {
  client: Pick<SecretsManagerClient, 'send'>;
  deployment: string;
  /** Key that encrypts them; absent: the account's own for Secrets Manager. */
  kmsKey?: string;
}

/** A deployment's entries in Secrets Manager. Their description tells what they hold; values are never read back. */
export class Entries {
  readonly #client: Pick<SecretsManagerClient, 'send'>;
  readonly #deployment: string;
  readonly #kmsKey: string | undefined;
  readonly #send: Sender;

  constructor({ client, deployment, kmsKey, ...options }: EntriesOptions) {
    this.#client = client;
    this.#deployment = deployment;
    this.#kmsKey = kmsKey;
    this.#send = openSender(options);
  }

  /** Answers the ARN. The same description is the same content: nothing is written then. */
  async put({ ref, description, payload }: Omit<Entry, 'deployment' | 'kmsKey'>): Promise<string> {
    const entry: Entry = {
      deployment: this.#deployment,
      ref,
      description,
      payload,
      ...(this.#kmsKey && { kmsKey: this.#kmsKey }),
    };
    const found = await this.#describe(ref);
    if (!found) return this.#create(entry);
    if (!this.#isOurs(found))
      throw new ApiError(
        'Conflict',
        `the secret ${this.#nameOf(ref)} in AWS Secrets Manager is not this deployment's`,
      );
    if (found.Description !== description) {
      const request = new UpdateSecretCommand(updateSecretRequest(entry));
      await this.#write(ref, 'UpdateSecret', () => this.#client.send(request));
    }
    if (tagMap(found.Tags)[tags.uid] !== ref.uid) {
      const request = new TagResourceCommand(tagSecretRequest(entry));
      await this.#write(ref, 'TagResource', () => this.#client.send(request));
    }
    return found.ARN ?? '';
  }

  async find(ref: SecretRef): Promise<{ arn: string; description: string } | undefined> {
    const found = await this.#describe(ref);
    if (!found || !this.#isOurs(found)) return undefined;
    return { arn: found.ARN ?? '', description: found.Description ?? '' };
  }

  async remove(ref: SecretRef): Promise<void> {
    const request = new DeleteSecretCommand(deleteSecretRequest(this.#nameOf(ref)));
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

  async #describe(ref: SecretRef): Promise<DescribeSecretCommandOutput | undefined> {
    const request = new DescribeSecretCommand({ SecretId: this.#nameOf(ref) });
    try {
      const found = await this.#send('DescribeSecret', () => this.#client.send(request));
      if (found.DeletedDate) throw this.#unsettled(ref);
      return found;
    } catch (error) {
      if (isCode((error as Error).cause, 'ResourceNotFoundException')) return undefined;
      throw error;
    }
  }

  async #create(entry: Entry): Promise<string> {
    const request = new CreateSecretCommand(createSecretRequest(entry));
    const { ARN = '' } = await this.#write(entry.ref, 'CreateSecret', () => this.#client.send(request));
    return ARN;
  }

  /** What was made or deleted a moment ago is there for one request and not for the next. */
  async #write<T>(ref: SecretRef, action: string, request: () => Promise<T>): Promise<T> {
    try {
      return await this.#send(action, request);
    } catch (error) {
      if (isCode((error as Error).cause, ...unsettled)) throw this.#unsettled(ref);
      throw error;
    }
  }

  #nameOf(ref: SecretRef): string {
    return secretName(this.#deployment, ref);
  }

  #isOurs({ Tags }: DescribeSecretCommandOutput): boolean {
    return tagMap(Tags)[tags.deployment] === this.#deployment;
  }

  #unsettled(ref: SecretRef): ApiError {
    return new ApiError('ServiceUnavailable', `the secret ${this.#nameOf(ref)} is being made or deleted`, {
      details: { retryAfterSeconds: 5 },
    });
  }
}

/** The first of them: it is scheduled for deletion. */
const unsettled = ['InvalidRequestException', 'ResourceExistsException', 'ResourceNotFoundException'];
