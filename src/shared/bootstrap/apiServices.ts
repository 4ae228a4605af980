import type { Client } from '../client/client.ts';
import { apiService } from '../kinds/apiregistration.k8s.io/v1/apiservice/index.ts';
import { automanaged, localApiService } from '../kinds/apiregistration.k8s.io/v1/priorities.ts';
import type { Resource } from '../kinds/kind.ts';
import { kinds } from '../kinds/registry.ts';
import type { APIService } from '../kinds/schema/types.ts';
import { isSame } from '../kinds/validation/same.ts';
import { bring } from './bring.ts';

const apiServices: Resource<APIService> = apiService;
const onlyWhereMeasured = 'metrics.k8s.io';
const onlyInDefault = 'shallop.dev';
const own = 'apiregistration.k8s.io';

/** Registers the groups and versions that this server serves itself; what somebody registered otherwise stays. */
export async function ensureApiServices(client: Client): Promise<void> {
  const versions = new Map(
    kinds
      .filter(({ group }) => ![onlyWhereMeasured, onlyInDefault, own].includes(group))
      .map(({ group, version }) => [`${group}/${version}`, localApiService(group, version, 'onstart')]),
  );
  await bring(client, apiServices, [...versions.values()], (expected, existing) => {
    if (!existing) return { is: 'create', object: expected };
    const isOurs = existing.metadata.labels?.[automanaged] !== undefined;
    if (!isOurs || isSame(existing.spec, expected.spec)) return undefined;
    return { is: 'update', object: { ...existing, spec: expected.spec } };
  });
}
