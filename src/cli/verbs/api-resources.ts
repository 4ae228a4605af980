import { apiVersionOf, type Resource, resourceName } from '../kube/discovery.ts';
import { Columns } from '../kube/print/columns.ts';
import { kubeVerb } from '../kube/scene.ts';
import { UsageError } from '../verb.ts';

export const apiResources = kubeVerb({
  name: 'api-resources',
  summary: 'Print the API resources that the server supports',
  usage: ['api-resources [options]'],
  options: {
    output: { type: 'string', short: 'o', value: 'FORM', choices: ['wide', 'name'], help: 'wide or name' },
    namespaced: { type: 'boolean', help: 'only namespaced resources; =false: only the others' },
    'api-group': { type: 'string', value: 'NAME', help: 'only resources of this API group' },
    verbs: { type: 'string', value: 'LIST', help: 'only resources with these verbs: list,watch' },
    'no-headers': { type: 'boolean', help: 'do not print column headers' },
  },
  run: async ({ call, io, resources }) => {
    const output = call.text('output');
    if (output !== undefined && output !== 'wide' && output !== 'name')
      throw new UsageError(`--output ${output} is not available`);
    const verbs = call.text('verbs')?.split(',') ?? [];
    const chosen = preferred(await resources())
      .filter(
        (r) =>
          (call.text('api-group') ?? r.group) === r.group &&
          call.flag('namespaced', r.namespaced) === r.namespaced &&
          verbs.every((verb) => r.verbs.includes(verb)),
      )
      .sort((a, b) => compare(a.group, b.group) || compare(a.plural, b.plural));
    if (output === 'name') for (const r of chosen) io.out(resourceName(r));
    else {
      const heads = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND'];
      const head = output === 'wide' ? [...heads, 'VERBS', 'CATEGORIES'] : heads;
      const rows = chosen.map((r) => row(r, output === 'wide'));
      for (const line of new Columns().rows(call.flag('no-headers') ? rows : [head, ...rows])) io.out(line);
    }
    return 0;
  },
});

/** The server names the versions it prefers first; kubectl shows a resource in that one only. */
function preferred(resources: Resource[]): Resource[] {
  const seen = new Set<string>();
  return resources.filter((r) => !seen.has(resourceName(r)) && seen.add(resourceName(r)));
}

/** As kubectl lists them: by group, then name. */
const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

function row(r: Resource, wide: boolean): string[] {
  const cells = [r.plural, r.shortNames.join(','), apiVersionOf(r), String(r.namespaced), r.kind];
  return wide ? [...cells, r.verbs.join(','), r.categories.join(',')] : cells;
}
