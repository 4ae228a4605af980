import type { Change, ResourceRecordSet, Route53Client } from '@aws-sdk/client-route-53';
import { ApiError } from '../../../shared/errors/apiError.ts';
import type { NameRecord, NameService, ServiceRef } from '../../../shared/ports/cloud.ts';
import { isCode } from '../errors.ts';
import { openSender, type SenderOptions } from '../sender.ts';
import { type Api, recordsFrom } from './api.ts';
import { openChanging } from './changing.ts';
import type { Kept, Ledger, ServiceName } from './ledger.ts';
import { apexOf, changesBetween, isBelow, ownerIn, recordSets, type Zone } from './records.ts';

export interface Route53Options extends SenderOptions {
  client: Pick<Route53Client, 'send'>;
  zone: Zone;
  ledger: Ledger;
}

/**
 * Names of Services in a private hosted zone. What was written stands in a ledger, so that a change costs one request, and
 * no change none; the zone itself is read by `list()`, and where a change was begun and its end is not known.
 */
export const openRoute53Names = (options: Route53Options): NameService => new Route53Names(options);

class Route53Names implements NameService {
  readonly #api: Api;
  readonly #zone: Zone;
  readonly #ledger: Ledger;
  readonly #change: (changes: Change[]) => Promise<void>;

  constructor({ client, zone, ledger, ...options }: Route53Options) {
    this.#api = { client, zoneId: zone.id, send: openSender(options) };
    this.#zone = zone;
    this.#ledger = ledger;
    this.#change = openChanging(this.#api, options.clock);
  }

  async publish(ref: ServiceRef, records: NameRecord[]): Promise<boolean> {
    const wanted = recordSets(this.#zone, ref, records);
    const known = await this.#ledger.read(ref);
    const found = await this.#foundOf(ref, known);
    await this.#turn(ref, known, found, wanted);
    return found.length === 0 && records.length > 0;
  }

  /** Records that another Service has taken on under the same name stay. */
  async withdraw(ref: ServiceRef): Promise<void> {
    const known = await this.#ledger.read(ref);
    if (!known || known.uid !== ref.uid) return;
    await this.#turn(ref, known, await this.#foundOf(ref, known), []);
  }

  /** Reads the whole zone: what is there otherwise than it was written is to be written again. */
  async list(only?: ServiceName): Promise<ServiceRef[]> {
    if (only) {
      const known = await this.#ledger.read(only);
      return known ? [{ ...only, uid: known.uid }] : [];
    }
    const known = new Map((await this.#ledger.all()).map((each) => [nameOf(each.ref), each]));
    const there = await this.#byService();
    for (const [name, { ref, sets }] of there) {
      const kept = known.get(name)?.kept;
      if (!kept || (kept.sets && changesBetween(kept.sets, sets).length > 0))
        await this.#ledger.write(ref, { uid: kept?.uid ?? ref.uid }, kept);
    }
    for (const [name, { ref, kept }] of known)
      if (kept.sets && !there.has(name)) await this.#ledger.write(ref, { uid: kept.uid }, kept);
    const all = new Map([...there].map(([name, { ref }]) => [name, ref]));
    for (const [name, { ref }] of known) all.set(name, ref);
    return [...all.values()];
  }

  /** From what was found to what is wanted; a process that dies between leaves a sign that it has begun. */
  async #turn(
    ref: ServiceRef,
    known: Kept | undefined,
    found: ResourceRecordSet[],
    wanted: ResourceRecordSet[],
  ): Promise<void> {
    const changes = changesBetween(found, wanted);
    let kept = known;
    if (changes.length > 0) {
      kept = this.#unraced(ref, await this.#ledger.write(ref, { uid: ref.uid }, known));
      const begun = kept;
      await this.#send(ref, changes).catch((error) => this.#doubt(ref, begun, error));
    } else if (known?.uid === ref.uid && known.sets) return;
    const isDone =
      wanted.length > 0
        ? await this.#ledger.write(ref, { uid: ref.uid, sets: wanted }, kept)
        : !kept || (await this.#ledger.erase(ref, kept));
    if (!isDone) await this.#doubt(ref, kept, raced(ref));
  }

  /** What was sent may have come after what another process wrote meanwhile: the zone is to be read again. */
  async #doubt(ref: ServiceRef, begun: Kept | undefined, error: unknown): Promise<never> {
    const now = await this.#ledger.read(ref);
    // Whoever is under way may have read the zone before, and is not to write down what it has made of that.
    if (now?.version !== begun?.version) await this.#ledger.write(ref, { uid: now?.uid ?? ref.uid }, now);
    throw error;
  }

  #unraced(ref: ServiceRef, kept: Kept | undefined): Kept {
    if (kept) return kept;
    throw raced(ref);
  }

  async #foundOf(ref: ServiceRef, known: Kept | undefined): Promise<ResourceRecordSet[]> {
    if (!known) return [];
    if (known.sets) return known.sets;
    const apex = apexOf(this.#zone, ref);
    const found: ResourceRecordSet[] = [];
    for await (const set of recordsFrom(this.#api, apex)) {
      if (!isBelow(apex, set.Name ?? '')) break;
      found.push(set);
    }
    return found;
  }

  /** The records of the zone by the Service that they are of. */
  async #byService(): Promise<Map<string, { ref: ServiceRef; sets: ResourceRecordSet[] }>> {
    const found = new Map<string, { ref: ServiceRef; sets: ResourceRecordSet[] }>();
    const all: ResourceRecordSet[] = [];
    for await (const set of recordsFrom(this.#api)) all.push(set);
    const owners = all.flatMap((set) => ownerIn(this.#zone, set) ?? []);
    const apexes = new Map(owners.map((ref) => [apexOf(this.#zone, ref), ref]));
    for (const set of all) {
      const apex = suffixesOf(set.Name ?? '').find((name) => apexes.has(name));
      const ref = apex === undefined ? undefined : apexes.get(apex);
      if (!ref) continue;
      const entry = found.get(nameOf(ref)) ?? { ref, sets: [] };
      found.set(nameOf(ref), entry);
      entry.sets.push(set);
    }
    return found;
  }

  async #send({ namespace, name }: ServiceRef, changes: Change[]): Promise<void> {
    try {
      await this.#change(changes);
    } catch (error) {
      const { cause } = error as Error;
      if (!isCode(cause, 'InvalidChangeBatch')) throw error;
      // Somebody else changed them since they were written.
      const why = (cause as Error).message;
      throw new ApiError('Conflict', `names of Service ${namespace}/${name}: ${why}`, { cause });
    }
  }
}

const raced = ({ namespace, name }: ServiceRef) =>
  new ApiError('Conflict', `names of Service ${namespace}/${name}: changed meanwhile`);

const nameOf = ({ cluster, namespace, name }: ServiceName): string => [cluster, namespace, name].join('/');

/** `a.b.c.`, `b.c.`, `c.` */
const suffixesOf = (name: string): string[] => {
  const labels = name.split('.');
  return labels.slice(0, -1).map((_, i) => labels.slice(i).join('.'));
};
