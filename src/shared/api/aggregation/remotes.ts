import type { APIService } from '../../kinds/schema/types.ts';
import type { Soon } from '../../meta/soon.ts';
import type { Storage } from '../../ports/storage.ts';
import { compiled } from '../../storage/compiled/index.ts';
import type { Catalog } from '../catalog.ts';
import { parseJson } from '../served.ts';

/** The APIServices of other servers in a logical cluster, as they are stored now. */
export type Remotes = (cluster: string) => Soon<ReadonlyMap<string, APIService>>;

/** By group and version, joined with a slash. */
export const storedRemotes = (storage: Storage): Remotes =>
  compiled<APIService, ReadonlyMap<string, APIService>>(storage, 'apiservices.apiregistration.k8s.io', {
    read: ({ value }) => parseJson(value) as unknown as APIService,
    build: (entries) =>
      new Map(
        [...entries.values()]
          .filter(({ spec }) => spec?.service)
          .sort((a, b) => priorityOf(b) - priorityOf(a))
          .map((service) => [`${service.spec?.group ?? ''}/${service.spec?.version ?? ''}`, service]),
      ),
  });

const priorityOf = ({ spec }: APIService): number =>
  (spec?.groupPriorityMinimum ?? 0) * 1000 + (spec?.versionPriority ?? 0);

/** Returns whether the server answered when it was last looked at. */
export const isAvailable = ({ status }: APIService): boolean =>
  status?.conditions?.some(({ type, status: value }) => type === 'Available' && value === 'True') ?? false;

/** Those of versions that are not built in here, in the order in which clients prefer them. */
export const remotesBeside = (
  remotes: ReadonlyMap<string, APIService>,
  catalog: Pick<Catalog, 'hasVersion'>,
  cluster: string,
): APIService[] =>
  [...remotes.values()].filter(
    ({ spec }) => spec?.group && !catalog.hasVersion(cluster, spec.group, spec.version ?? ''),
  );
