import { parse } from 'yaml';
import type { Clock } from '../../shared/clock/clock.ts';
import type { Storage } from '../../shared/ports/storage.ts';
import { canonical } from './identity.ts';

/** Describes what an `aws-auth` ConfigMap says. */
export interface Mappings {
  principals: Mapping[];
  /** Accounts whose principals are let in under their ARN. */
  accounts: string[];
}

export interface Mapping {
  arn: string;
  username: string;
  groups: string[];
}

const nothing: Mappings = { principals: [], accounts: [] };
/** So long a change may take to be noticed: a read with every request would double the cost of most. */
const keptMs = 10_000;

/** Reads the ConfigMap kube-system/aws-auth where objects are stored. */
export function awsAuthIn(
  storage: Pick<Storage, 'get'>,
  clock: Clock,
): (cluster: string) => Promise<Mappings> {
  const known = new Map<string, { until: number; mappings: Mappings }>();
  return async (cluster) => {
    const before = known.get(cluster);
    if (before && clock.now() < before.until) return before.mappings;
    const key = { cluster, resource: 'configmaps', namespace: 'kube-system', name: 'aws-auth' };
    const found = await storage.get(key);
    const mappings = found ? mappingsOf(JSON.parse(Buffer.from(found.value).toString()).data ?? {}) : nothing;
    known.set(cluster, { until: clock.now() + keptMs, mappings });
    return mappings;
  };
}

/** What cannot be read maps nobody, and the rest counts: a mistake in one place must not lock everybody out. */
export function mappingsOf(data: Record<string, string | undefined>): Mappings {
  const principals = [
    ...listIn(data.mapRoles).map((each) => mappingOf(each, each.rolearn)),
    ...listIn(data.mapUsers).map((each) => mappingOf(each, each.userarn)),
  ];
  const accounts = listIn(data.mapAccounts).map(String);
  return { principals: principals.flatMap((each) => each ?? []), accounts };
}

// biome-ignore lint/suspicious/noExplicitAny: somebody else's YAML
function listIn(text: string | undefined): any[] {
  try {
    const value = parse(text ?? '', { schema: 'failsafe', maxAliasCount: 100, logLevel: 'silent' });
    return Array.isArray(value) ? value.filter((each) => each !== null) : [];
  } catch {
    return [];
  }
}

function mappingOf(
  { username, groups = [] }: Record<string, unknown>,
  principal: unknown,
): Mapping | undefined {
  const arn = typeof principal === 'string' ? canonical(principal) : undefined;
  if (!arn) return undefined;
  const known = Array.isArray(groups) ? groups.filter((each) => typeof each === 'string') : [];
  return { arn, username: typeof username === 'string' && username ? username : arn, groups: known };
}
