import { isFilled } from '../../shared/bootstrap/marker/index.ts';
import {
  bootstrapFlowSchemas,
  bootstrapPriorityLevels,
} from '../../shared/kinds/flowcontrol.apiserver.k8s.io/v1/bootstrap.ts';
import type { FlowSchema, PriorityLevelConfiguration } from '../../shared/kinds/schema/types.ts';
import type { KubeObject } from '../../shared/meta/object.ts';
import type { Soon } from '../../shared/meta/soon.ts';
import type { Storage, Stored } from '../../shared/ports/storage.ts';
import { compiled } from '../../shared/storage/compiled/index.ts';
import { type Configuration, configurationOf } from './configuration.ts';

const group = 'flowcontrol.apiserver.k8s.io';
const flowSchemas = `flowschemas.${group}`;
const priorityLevels = `prioritylevelconfigurations.${group}`;
/** What governs the server is what stands in its root; other logical clusters are guests. */
const cluster = 'default';

/**
 * The configuration as it is stored, with every change that has been acknowledged; the same value until there is one. Until
 * what a cluster begins with has been written, the rest of it counts as if it were.
 */
export function storedConfiguration(storage: Storage): () => Soon<Configuration> {
  const schemas = compiled(storage, flowSchemas, { read: parsed<FlowSchema>, build: listed });
  const levels = compiled(storage, priorityLevels, {
    read: parsed<PriorityLevelConfiguration>,
    build: listed,
  });
  let made: { configuration: Configuration; heads: readonly [string, string] } | undefined;
  return () => {
    // Asked at every request: two looks, and nothing else while nothing has changed.
    const heads = [storage.head(cluster, flowSchemas), storage.head(cluster, priorityLevels)] as const;
    const isSame = made?.heads[0] === heads[0] && made.heads[1] === heads[1];
    return made && isSame ? made.configuration : asOf(heads);
  };

  async function asOf(asked: readonly [Soon<string>, Soon<string>]): Promise<Configuration> {
    const heads = await Promise.all(asked);
    if (made?.heads[0] === heads[0] && made.heads[1] === heads[1]) return made.configuration;
    const configuration = await make(storage, await schemas(cluster), await levels(cluster));
    made = { configuration, heads };
    return configuration;
  }
}

async function make(storage: Storage, schemas: FlowSchema[], levels: PriorityLevelConfiguration[]) {
  if (await isFilled(storage, cluster, group)) return configurationOf(schemas, levels);
  return configurationOf(joined(schemas, bootstrapFlowSchemas), joined(levels, bootstrapPriorityLevels));
}

function joined<T extends KubeObject>(stored: readonly T[], first: readonly T[]): T[] {
  const there = new Set(stored.map(({ metadata }) => metadata.name));
  return [...stored, ...first.filter(({ metadata }) => !there.has(metadata.name))];
}

const decoder = new TextDecoder();
const parsed = <T>({ value }: Stored): T => JSON.parse(decoder.decode(value)) as T;
const listed = <T>(entries: ReadonlyMap<string, T>): T[] => [...entries.values()];
