import { isDeepStrictEqual } from 'node:util';
import { typeNameOf } from '../../shared/kinds/schema/facts.ts';
import type { Connection } from '../kube/connection.ts';
import { apiVersionOf, discover, pathOf, type Resource } from '../kube/discovery.ts';
import { messageOf, ServerError } from '../kube/failure.ts';
import type { KubeObject } from '../kube/objects.ts';
import { getObject } from '../kube/read.ts';
import { type Anew, anew } from './anew.ts';
import { readSnapshot } from './file.ts';
import { Lanes } from './lanes.ts';
import { ownersOf, type Survey } from './survey.ts';
import { rankOf } from './taken.ts';

const atOnce = 64;
const patienceMs = 15_000;
const lookMs = 100;

/** Is what came of a restore. */
export interface Restored {
  objects: number;
  /** What could not be restored, and why. */
  problems: string[];
}

/** Makes the objects of a snapshot anew in a cluster. Owners come before what they own, which then names their new uids. */
export async function restoreInto(connection: Connection, path: string, { uids }: Survey): Promise<Restored> {
  const restore = new Restore(connection, uids);
  for (;;) {
    const left = await restore.round(path);
    if (!left) break;
    if (left === restore.lastLeft) {
      // They own each other, or what they belong to could not be made.
      restore.problems.push(`${left} objects belong to what could not be restored`);
      break;
    }
    restore.lastLeft = left;
  }
  await restore.finish();
  return { objects: restore.uids.size, problems: restore.problems };
}

class Restore {
  readonly #connection: Connection;
  /** Uids of the snapshot's objects that are wanted. */
  readonly #wanted: ReadonlySet<string>;
  /** Uid in the snapshot → uid in this cluster. */
  readonly uids = new Map<string, string>();
  readonly #failed = new Set<string>();
  /** Kinds that have been waited for in vain. */
  readonly #unserved = new Set<string>();
  readonly problems: string[] = [];
  lastLeft = -1;
  #resources: Resource[] = [];
  /** What is done when everything is there. */
  readonly #after: { place: Place; made: Anew }[] = [];

  constructor(connection: Connection, wanted: ReadonlySet<string>) {
    this.#connection = connection;
    this.#wanted = wanted;
  }

  /** Makes what can be made by now. Answers how many objects still wait for others. */
  async round(path: string): Promise<number> {
    this.#resources = await discover(this.#connection);
    const lanes = new Lanes(atOnce);
    let left = 0;
    let rank = 0;
    for await (const line of readSnapshot(path)) {
      const object = line as KubeObject;
      const uid = object.metadata?.uid;
      if (uid === undefined || !this.#wanted.has(uid) || this.uids.has(uid) || this.#failed.has(uid))
        continue;
      const resource = await this.#resourceOf(object);
      if (!resource) {
        this.#fail(object, `the server serves no ${object.kind} of ${object.apiVersion}`);
        continue;
      }
      if (rankOf(resource) !== rank) await lanes.empty();
      rank = rankOf(resource);
      if (!this.#areOwnersThere(object)) {
        left++;
        continue;
      }
      await lanes.run(() => this.#make(object, resource));
    }
    await lanes.empty();
    return left;
  }

  /** Lets controllers act on what was held back. */
  async finish(): Promise<void> {
    for (let at = 0; at < this.#after.length; at += atOnce)
      await Promise.all(this.#after.slice(at, at + atOnce).map((each) => this.#finishOne(each)));
  }

  /** Kinds of definitions that were restored just now are served a moment later. */
  async #resourceOf({ apiVersion = '', kind = '' }: KubeObject): Promise<Resource | undefined> {
    const find = () =>
      this.#resources.find((each) => each.kind === kind && apiVersionOf(each) === apiVersion);
    const type = `${apiVersion} ${kind}`;
    const [version = '', group = ''] = apiVersion.split('/').reverse();
    const mayCome = typeNameOf(group, version, kind) === undefined && !this.#unserved.has(type);
    for (let waited = 0; !find() && mayCome && waited < patienceMs; waited += lookMs) {
      await new Promise((resolve) => setTimeout(resolve, lookMs));
      this.#resources = await discover(this.#connection);
    }
    const found = find();
    if (!found) this.#unserved.add(type);
    return found;
  }

  #areOwnersThere(object: KubeObject): boolean {
    return ownersOf(object).every(({ uid }) => !this.#wanted.has(uid) || this.uids.has(uid));
  }

  async #make(taken: KubeObject, resource: Resource): Promise<void> {
    const made = anew(this.#withNewOwners(taken));
    const { name, namespace } = made.object.metadata;
    const place = { resource, namespace, name };
    try {
      const uid = await this.#create(place, made.object);
      this.uids.set(taken.metadata.uid!, uid);
      const keepsStatus =
        resource.subresources.includes('status') && (isCustom(resource) || ofJobs.has(resource.kind));
      const status = keepsStatus ? made.status : undefined;
      if (made.release || status !== undefined) this.#after.push({ place, made: { ...made, status } });
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.#fail(taken, messageOf(error));
    }
  }

  #withNewOwners(taken: KubeObject): KubeObject {
    const owners = ownersOf(taken).flatMap((owner) => {
      const uid = this.uids.get(owner.uid);
      return uid === undefined ? [] : [{ ...owner, uid }];
    });
    const { ownerReferences: _, ...metadata } = taken.metadata;
    return { ...taken, metadata: { ...metadata, ...(owners.length && { ownerReferences: owners }) } };
  }

  /** Answers the uid. What is there already, made by a controller or with the cluster, becomes what it was. */
  async #create({ resource, namespace, name }: Place, object: KubeObject): Promise<string> {
    try {
      const path = pathOf(resource, namespace);
      return (await this.#connection.json<KubeObject>({ method: 'POST', path, body: object })).metadata.uid!;
    } catch (error) {
      const isThere = error instanceof ServerError && error.reason === 'AlreadyExists';
      if (!isThere) throw error;
    }
    const found = await getObject(this.#connection, resource, namespace, name);
    const { uid, resourceVersion } = found.metadata;
    if (isDeepStrictEqual(anew(found).object, object)) return uid!;
    const { status } = found;
    const changed = { ...object, status, metadata: { ...object.metadata, uid, resourceVersion } };
    await this.#connection.json({ method: 'PUT', path: pathOf(resource, namespace, name), body: changed });
    return uid!;
  }

  async #finishOne({ place, made }: { place: Place; made: Anew }): Promise<void> {
    const { resource, namespace, name } = place;
    const patch = (body: unknown, sub?: string) =>
      this.#connection.ask({
        method: 'PATCH',
        path: pathOf(resource, namespace, name, sub),
        type: 'application/merge-patch+json',
        body,
      });
    try {
      if (made.status !== undefined) await patch({ status: made.status }, 'status');
      if (made.release) await patch(made.release);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.#fail(made.object, messageOf(error));
    }
  }

  #fail({ apiVersion, kind, metadata }: KubeObject, why: string): void {
    if (metadata.uid) this.#failed.add(metadata.uid);
    const where = metadata.namespace ? ` in ${metadata.namespace}` : '';
    this.problems.push(`${kind} (${apiVersion}) ${metadata.name}${where}: ${why}`);
  }
}

interface Place {
  resource: Resource;
  namespace: string | undefined;
  name: string;
}

/** Their controllers would run again what has run. */
const ofJobs = new Set(['Job', 'CronJob']);

const isCustom = ({ group, version, kind }: Resource): boolean =>
  typeNameOf(group, version, kind) === undefined;
