import type { Client } from '../client/client.ts';
import {
  bootstrapFlowSchemas,
  bootstrapPriorityLevels,
  mandatory,
} from '../kinds/flowcontrol.apiserver.k8s.io/v1/bootstrap.ts';
import { flowSchema } from '../kinds/flowcontrol.apiserver.k8s.io/v1/flowschema/index.ts';
import { priorityLevelConfiguration } from '../kinds/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfiguration/index.ts';
import type { Resource } from '../kinds/kind.ts';
import type { FlowSchema, PriorityLevelConfiguration } from '../kinds/schema/types.ts';
import { isSame } from '../kinds/validation/same.ts';
import { bring, type Step } from './bring.ts';

const flowSchemas: Resource<FlowSchema> = flowSchema;
const priorityLevels: Resource<PriorityLevelConfiguration> = priorityLevelConfiguration;

/** Writes what is missing of the flow schemas and priority levels that a cluster begins with. */
export async function ensureFlowControl(client: Client): Promise<void> {
  await bring(client, priorityLevels, bootstrapPriorityLevels, reconciledFlow);
  await bring(client, flowSchemas, bootstrapFlowSchemas, reconciledFlow);
}

const autoUpdate = 'apf.kubernetes.io/autoupdate-spec';

/** Puts a spec right where nobody has said that it is theirs: the server's own two are nobody else's. */
function reconciledFlow<T extends FlowSchema | PriorityLevelConfiguration>(
  expected: T,
  existing: T | undefined,
): Step<T> | undefined {
  if (!existing) return { is: 'create', object: expected };
  const { name = '', annotations } = existing.metadata;
  const isOurs = annotations?.[autoUpdate] === 'true' || mandatory.includes(name);
  if (!isOurs || isSame(expected.spec, existing.spec)) return undefined;
  return { is: 'update', object: { ...existing, spec: expected.spec } };
}
