import { addressRange } from '../../shared/admission/serviceaddresses/range.ts';
import type { PolicyFiller } from '../../shared/bootstrap/index.ts';
import { policyVersion } from '../../shared/bootstrap/marker/index.ts';
import type { Clients } from '../../shared/client/client.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import type { Ids } from '../../shared/clock/ids.ts';
import type { Environment } from '../../shared/controllers/environment.ts';
import { bootstrapCommon, bootstrapServices } from '../../shared/controllers/logicalcluster/bootstrap.ts';
import type { Manager } from '../../shared/controllers/manager/index.ts';
import type { Storage } from '../../shared/ports/storage.ts';
import { version } from '../version.ts';
import { clusterFiller } from './filler.ts';
import { servicesFiller } from './services.ts';
import { templates } from './template.ts';

export interface ClustersOptions {
  /** Writes to it wake nobody. */
  storage: Storage;
  clients: Clients;
  filler: PolicyFiller;
  clock: Clock;
  ids: Ids;
  /** Both are there by the time that a logical cluster is asked for. */
  env(): Environment;
  manager(): Manager;
  /** Is what the content of a new logical cluster follows from, beside this version. */
  facts: readonly string[];
}

/** Has logical clusters begin: each when it is first asked for. */
export interface Clusters {
  fill(cluster: string): Promise<void>;
  fillServices(cluster: string): Promise<void>;
}

export function openClusters(options: ClustersOptions): Clusters {
  const { storage, clients, filler, clock, ids, env, manager, facts } = options;
  const template = templates({
    storage,
    filler,
    bootstrap: (cluster) => bootstrapCommon(clients(cluster), { env: env(), clock }),
    settle: (cluster) => manager().settle(cluster),
    facts: [policyVersion, version, ...facts],
  });
  const { fill } = clusterFiller({
    storage,
    clock,
    ids,
    addresses: () => addressRange(env().serviceCidr),
    isIdle: (cluster) => manager().isIdle(cluster),
    restIfStill: (cluster) => manager().restIfStill(cluster),
    template,
  });
  return {
    fill,
    fillServices: servicesFiller(storage, (cluster) => bootstrapServices(clients(cluster), env(), false)),
  };
}
