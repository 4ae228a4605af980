import { createHash } from 'node:crypto';
import type { PolicyFiller } from '../../shared/bootstrap/index.ts';
import { isReason } from '../../shared/errors/apiError.ts';
import type { Key, Storage } from '../../shared/ports/storage.ts';

export interface TemplateOptions {
  storage: Storage;
  filler: Pick<PolicyFiller, 'fill'>;
  /** Writes what every logical cluster begins with. */
  bootstrap(cluster: string): Promise<void>;
  /** Has the controllers do all that is to be done in a logical cluster. */
  settle(cluster: string): Promise<void>;
  /** Is what the content of the template follows from: where it differs, there is another template. */
  facts: readonly string[];
}

const groups = ['rbac.authorization.k8s.io', 'apiregistration.k8s.io', 'flowcontrol.apiserver.k8s.io'];

/** Templates that were made in this data folder: those of earlier versions are the bases of earlier clusters. */
const made: Key = { cluster: 'default', resource: 'templates.internal', namespace: '', name: 'made' };
const complete = (cluster: string): Key => ({
  cluster,
  resource: 'templates.internal',
  namespace: '',
  name: 'complete',
});

/**
 * The logical cluster that new ones begin as: with all that controllers write into an empty one. It is made when it is first
 * asked for. No object has its name, which has a dot, so no request reaches it.
 */
export function templates(options: TemplateOptions): () => Promise<string> {
  let current: Promise<string> | undefined;
  return () => {
    current ??= make(options).catch((error: unknown) => {
      current = undefined;
      throw error;
    });
    return current;
  };
}

async function make({ storage, filler, bootstrap, settle, facts }: TemplateOptions): Promise<string> {
  const cluster = `template.${createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 12)}`;
  if (await storage.get(complete(cluster))) return cluster;
  const others = (await namesMade(storage)).filter((name) => name !== cluster);
  const left = await dropUnused(storage, others);
  await note(storage, [...left, cluster]);
  // One that was interrupted is begun again.
  await storage.drop(cluster);
  await bootstrap(cluster);
  for (const group of groups) await filler.fill(cluster, group);
  await settle(cluster);
  await storage.create(complete(cluster), () => Buffer.from('true'));
  return cluster;
}

async function namesMade(storage: Storage): Promise<string[]> {
  const stored = await storage.get(made);
  return stored ? (JSON.parse(Buffer.from(stored.value).toString()) as string[]) : [];
}

async function note(storage: Storage, names: string[]): Promise<void> {
  const stored = await storage.get(made);
  const value = Buffer.from(JSON.stringify(names));
  if (stored) await storage.update(made, stored.revision, () => value);
  else await storage.create(made, () => value);
}

/** Answers those that have to stay for the clusters that began as them. */
async function dropUnused(storage: Storage, names: readonly string[]): Promise<string[]> {
  const left: string[] = [];
  for (const name of names)
    try {
      await storage.drop(name);
    } catch (error) {
      if (!isReason(error, 'Conflict')) throw error;
      left.push(name);
    }
  return left;
}
