import type { FlowSchema, PriorityLevelConfiguration } from '../../kinds/schema/types.ts';
import { unlessGone } from '../common/ignore.ts';
import { type Controller, keyOf, watching } from '../controller.ts';
import { flowSchemas, priorityLevelConfigurations } from '../resources.ts';
import { plan } from './plan.ts';

/** Reports in the status of each FlowSchema whether its priority level exists. */
export const flowSchemaStatus: Controller = {
  name: 'flowschema-status-controller',
  watches: [
    watching<FlowSchema>({
      resource: flowSchemas,
      keys: (schema, _, { deleted }) => (deleted ? [] : [keyOf(schema)]),
    }),
    watching<PriorityLevelConfiguration>({
      resource: priorityLevelConfigurations,
      keys: async ({ metadata }, _, { client }) =>
        (await client.list(flowSchemas))
          .filter(({ spec }) => spec?.priorityLevelConfiguration.name === metadata.name)
          .map(keyOf),
    }),
  ],

  async reconcile({ name }, { client, clock }) {
    const schema = await client.get(flowSchemas, '', name);
    if (!schema) return undefined;
    const level = schema.spec?.priorityLevelConfiguration.name ?? '';
    const there = await client.get(priorityLevelConfigurations, '', level);
    const conditions = plan(schema, new Set(there ? [level] : []), clock.now());
    if (conditions)
      await unlessGone(
        client.updateStatus(flowSchemas, { ...schema, status: { ...schema.status, conditions } }),
      );
    return undefined;
  },
};
