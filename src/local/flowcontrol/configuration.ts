import type { Attributes } from '../../shared/auth/authorize.ts';
import {
  bootstrapFlowSchemas,
  bootstrapPriorityLevels,
  mandatory,
} from '../../shared/kinds/flowcontrol.apiserver.k8s.io/v1/bootstrap.ts';
import type {
  FlowSchema,
  PriorityLevelConfiguration,
  QueuingConfiguration,
} from '../../shared/kinds/schema/types.ts';
import { type Matcher, matcherOf } from './matcher.ts';

/** Is a flow schema whose level is there, ready to be asked. */
export interface CompiledSchema {
  name: string;
  level: string;
  distinguisher: string | undefined;
  /** Of every answer to its requests; empty as long as the objects are not written, which only count until then. */
  headers: Record<string, string>;
  matches: Matcher;
}

/** Is what a priority level asks for. */
export interface LevelSpec {
  name: string;
  uid: string;
  isExempt: boolean;
  shares: number;
  lendablePercent: number;
  /** Absent: as much as there is. */
  borrowingLimitPercent?: number | undefined;
  /** Absent: what finds no seat is refused. */
  queuing?: QueuingConfiguration | undefined;
}

export interface Configuration {
  /** In the order in which they are asked. */
  schemas: readonly CompiledSchema[];
  levels: readonly LevelSpec[];
}

/**
 * Makes the configuration of flow schemas and levels as they are stored. Levels that contradict themselves and schemas
 * without their level count as absent; the two levels and schemas that there always are count if they are not stored.
 */
export function configurationOf(
  schemas: readonly FlowSchema[],
  levels: readonly PriorityLevelConfiguration[],
): Configuration {
  const specs = [...levels, ...absent(bootstrapPriorityLevels, levels)].flatMap((each) => specOf(each) ?? []);
  const known = new Map(specs.map(({ name, uid }) => [name, uid]));
  const compiled = [...schemas, ...absent(bootstrapFlowSchemas, schemas)]
    .filter(({ spec }) => spec && known.has(spec.priorityLevelConfiguration.name))
    .sort(inOrder)
    .map((schema) => compile(schema, known));
  return { schemas: compiled, levels: specs };
}

const absent = <T extends { metadata: { name?: string } }>(bootstrap: readonly T[], stored: readonly T[]) =>
  bootstrap.filter(
    ({ metadata: { name = '' } }) =>
      mandatory.includes(name) && !stored.some(({ metadata }) => metadata.name === name),
  );

const inOrder = (a: FlowSchema, b: FlowSchema): number =>
  (a.spec?.matchingPrecedence ?? 0) - (b.spec?.matchingPrecedence ?? 0) ||
  ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1);

function compile({ metadata, spec }: FlowSchema, uids: ReadonlyMap<string, string>): CompiledSchema {
  const level = spec?.priorityLevelConfiguration.name ?? '';
  const levelUid = uids.get(level);
  return {
    name: metadata.name ?? '',
    level,
    distinguisher: spec?.distinguisherMethod?.type,
    headers: {
      ...(metadata.uid && { 'x-kubernetes-pf-flowschema-uid': metadata.uid }),
      ...(levelUid && { 'x-kubernetes-pf-prioritylevel-uid': levelUid }),
    },
    matches: spec ? matcherOf(spec) : () => false,
  };
}

function specOf({ metadata, spec }: PriorityLevelConfiguration): LevelSpec | undefined {
  const { name = '', uid = '' } = metadata;
  const isExempt = spec?.type === 'Exempt';
  const { limited, exempt } = spec ?? {};
  if (isExempt !== (name === 'exempt') || (isExempt ? !exempt || limited : exempt || !limited))
    return undefined;
  const queuing = limited?.limitResponse?.queuing;
  if (limited && (limited.limitResponse?.type === 'Queue') !== (queuing !== undefined)) return undefined;
  return {
    name,
    uid,
    isExempt,
    shares: (isExempt ? exempt?.nominalConcurrencyShares : limited?.nominalConcurrencyShares) ?? 0,
    lendablePercent: (exempt ?? limited)?.lendablePercent ?? 0,
    borrowingLimitPercent: limited?.borrowingLimitPercent,
    queuing,
  };
}

/** The schema that a request goes by: the first that matches, else the one that catches all. */
export function schemaFor({ schemas }: Configuration, asked: Attributes): CompiledSchema {
  const found = schemas.find((schema) => schema.matches(asked));
  // It is always there, and the last one: names are told apart by their order only where precedences are the same.
  return found ?? schemas.findLast(({ name }) => name === 'catch-all')!;
}
