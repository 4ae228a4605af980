import type { Change, ResourceRecordSet, Route53Client } from '@aws-sdk/client-route-53';
import { ApiError } from '../../../shared/errors/apiError.ts';
import type { NameRecord, NameService, ServiceRef } from '../../../shared/ports/cloud.ts';
import { isCode } from '../errors.ts';
import { openSender, type SenderOptions } from '../sender.ts';
import { type Api, change, recordsFrom } from './api.ts';
import { apexOf, changesBetween, isBelow, ownerIn, recordSets, type Zone } from './records.ts';

export interface Route53Options extends SenderOptions {
  client: Pick<Route53Client, 'send'>;
  zone: Zone;
}

/**
 * Names of Services in a private hosted zone. Nothing is remembered: a Service's records are read (they follow each
 * other in Route 53's order, so that is one request for 300 of them), and what differs is written in one more.
 */
export const openRoute53Names = (options: Route53Options): NameService => new Route53Names(options);

class Route53Names implements NameService {
  readonly #api: Api;
  readonly #zone: Zone;

  constructor({ client, zone, ...options }: Route53Options) {
    this.#api = { client, zoneId: zone.id, send: openSender(options) };
    this.#zone = zone;
  }

  async publish(ref: ServiceRef, records: NameRecord[]): Promise<boolean> {
    const found = await this.#recordsOf(ref);
    await this.#change(ref, changesBetween(found, recordSets(this.#zone, ref, records)));
    return found.length === 0 && records.length > 0;
  }

  /** Records that another Service has taken on under the same name stay. */
  async withdraw(ref: ServiceRef): Promise<void> {
    const found = await this.#recordsOf(ref);
    const owner = found.map((set) => ownerIn(this.#zone, set)).find((whose) => whose !== undefined);
    if (owner && owner.uid !== ref.uid) return;
    await this.#change(ref, changesBetween(found, []));
  }

  async list(): Promise<ServiceRef[]> {
    const refs: ServiceRef[] = [];
    for await (const set of recordsFrom(this.#api)) {
      const owner = ownerIn(this.#zone, set);
      if (owner) refs.push(owner);
    }
    return refs;
  }

  async #recordsOf(ref: ServiceRef): Promise<ResourceRecordSet[]> {
    const apex = apexOf(this.#zone, ref);
    const found: ResourceRecordSet[] = [];
    for await (const set of recordsFrom(this.#api, apex)) {
      if (!isBelow(apex, set.Name ?? '')) break;
      found.push(set);
    }
    return found;
  }

  async #change({ namespace, name }: ServiceRef, changes: Change[]): Promise<void> {
    try {
      await change(this.#api, changes);
    } catch (error) {
      const { cause } = error as Error;
      if (!isCode(cause, 'InvalidChangeBatch')) throw error;
      // Somebody else changed them since they were read.
      const why = (cause as Error).message;
      throw new ApiError('Conflict', `names of Service ${namespace}/${name}: ${why}`, { cause });
    }
  }
}
