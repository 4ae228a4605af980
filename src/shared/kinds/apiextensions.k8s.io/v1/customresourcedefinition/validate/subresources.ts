import type { Cause } from '../../../../../errors/apiError.ts';
import type { CustomResourceSubresources } from '../../../../schema/types.ts';
import { invalidValue, required } from '../../../../validation/causes.ts';
import { simplePathCauses } from './simplePath.ts';

/** Returns what is wrong with the subresources that a version declares, above all with the paths of its scale. */
export function subresourceCauses(
  subresources: CustomResourceSubresources | undefined,
  path: string,
): Cause[] {
  const scale = subresources?.scale;
  if (!scale) return [];
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  return [
    ...below(specReplicasPath, `${path}.scale.specReplicasPath`, ['.spec.'], '.spec'),
    ...below(statusReplicasPath, `${path}.scale.statusReplicasPath`, ['.status.'], '.status'),
    ...(labelSelectorPath
      ? below(
          labelSelectorPath,
          `${path}.scale.labelSelectorPath`,
          ['.spec.', '.status.'],
          'either .spec or .status',
        )
      : []),
  ];
}

function below(value: string, field: string, roots: string[], where: string): Cause[] {
  if (!value) return [required(field)];
  const causes = simplePathCauses(value, field);
  if (causes.length || roots.some((root) => value.startsWith(root))) return causes;
  return [invalidValue(field, value, `should be a json path under ${where}`)];
}
