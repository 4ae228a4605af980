import type { Admission } from './plugin.ts';

/** Earlier plugins add what they add where they like; webhooks and policies are shown what would be stored. */
export function normalise(admission: Admission): void {
  const { schema, object } = admission;
  if (object) admission.object = schema.withDefaults(schema.decode(object));
}
