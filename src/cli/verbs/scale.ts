import { type Chosen, chosenObjects, forEachChosen } from '../kube/chosen.ts';
import { kindName, pathOf } from '../kube/discovery.ts';
import { dryRunNote, dryRunOf, dryRunOption } from '../kube/dryRun.ts';
import { report } from '../kube/failure.ts';
import { query } from '../kube/read.ts';
import { kubeVerb, numberOf, type Scene, selectorOption } from '../kube/scene.ts';
import { UsageError } from '../verb.ts';

export const scale = kubeVerb({
  name: 'scale',
  summary: 'Set the number of replicas of a Deployment, ReplicaSet or StatefulSet',
  description: '  shallop scale deployment/web --replicas=3',
  usage: ['scale TYPE/NAME… --replicas=COUNT [options]', 'scale TYPE NAME… --replicas=COUNT [options]'],
  operands: { objects: 'any' },
  options: {
    replicas: { type: 'string', value: 'COUNT', help: 'new number of replicas' },
    'current-replicas': {
      type: 'string',
      value: 'COUNT',
      help: 'only if this is the current number of replicas',
    },
    all: { type: 'boolean', help: 'all objects of the type in the namespace' },
    ...selectorOption,
    ...dryRunOption,
  },
  run: async (scene) => {
    const { call, io } = scene;
    const replicas = numberOf(call, 'replicas') ?? -1;
    if (replicas < 0)
      throw new UsageError(
        'The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0',
      );
    const { chosen } = await chosenObjects(scene);
    const failures = await forEachChosen(scene, chosen, async (target) => {
      await scaleOne(scene, target, replicas);
      io.out(`${kindName(target.resource)}/${target.name} scaled${dryRunNote(dryRunOf(call))}`);
    });
    return report(failures);
  },
});

async function scaleOne(scene: Scene, { resource, name }: Chosen, replicas: number): Promise<void> {
  const { call, connection, namespace } = scene;
  if (!resource.subresources.includes('scale'))
    throw new Error(`cannot scale ${kindName(resource)}/${name}: ${resource.plural} have no scale`);
  const path = pathOf(resource, namespace, name, 'scale');
  const expected = numberOf(call, 'current-replicas') ?? -1;
  if (expected >= 0) {
    const { spec } = await connection.json<{ spec: { replicas?: number } }>({ path });
    const now = spec.replicas ?? 0;
    if (now !== expected) throw new Error(`Expected replicas to be ${expected}, was ${now}`);
  }
  const dryRun = dryRunOf(call);
  if (dryRun === 'client') return;
  await connection.json({
    method: 'PATCH',
    path: `${path}${query({ dryRun: dryRun === 'server' ? 'All' : undefined })}`,
    type: 'application/merge-patch+json',
    body: { spec: { replicas } },
  });
}
