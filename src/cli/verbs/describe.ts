import { isNotFound, report } from '../kube/failure.ts';
import { getObject, listObjects } from '../kube/read.ts';
import { kubeVerb, selectorOption } from '../kube/scene.ts';
import { targetsOf } from '../kube/targets.ts';
import { UsageError } from '../verb.ts';

export const describe = kubeVerb({
  name: 'describe',
  summary: 'Show details of objects, with their Events',
  description: `  shallop describe pod web-7d4b
  shallop describe deployment/web
  shallop describe pods -l app=web`,
  usage: ['describe TYPE [NAME…] [options]', 'describe TYPE/NAME… [options]'],
  operands: { objects: 'any' },
  options: {
    ...selectorOption,
    'all-namespaces': { type: 'boolean', short: 'A', help: 'in all namespaces' },
  },
  run: async (scene) => {
    const { call, io, connection, namespace } = scene;
    if (call.positionals.length === 0)
      throw new UsageError(
        "You must specify the type of resource to describe. Use 'shallop api-resources' for a list",
      );
    const { describeObject } = await import('../kube/describe/index.ts');
    const failures: unknown[] = [];
    let shown = 0;
    for (const { resource, name } of targetsOf(call.positionals, await scene.resources())) {
      const selection = {
        namespace: call.flag('all-namespaces') ? undefined : namespace,
        labels: call.text('selector'),
      };
      const objects =
        name === undefined
          ? (await listObjects(connection, resource, selection)).items
          : await getObject(connection, resource, namespace, name).then(
              (object) => [object],
              (error) => {
                if (!isNotFound(error)) throw error;
                failures.push(error);
                return [];
              },
            );
      for (const object of objects) {
        if (shown++ > 0) io.out('\n');
        io.write(Buffer.from(await describeObject(scene, resource, object)));
      }
    }
    if (shown === 0 && failures.length === 0)
      io.err(
        call.flag('all-namespaces') ? 'No resources found' : `No resources found in ${namespace} namespace.`,
      );
    return report(failures);
  },
});
