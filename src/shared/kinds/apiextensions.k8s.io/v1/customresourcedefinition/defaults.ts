import type { Rules } from '../../../schema/defaultRules.ts';
import type { CustomResourceDefinitionNames } from '../../../schema/types.ts';

export const customResourceDefinitionDefaults: Rules = {
  CustomResourceDefinitionSpec: { fields: { conversion: { strategy: 'None' } } },
  CustomResourceDefinitionNames: {
    adjust(names: CustomResourceDefinitionNames) {
      // The names accepted so far are empty at first.
      if (!names.kind) return;
      names.singular ||= names.kind.toLowerCase();
      names.listKind ||= `${names.kind}List`;
    },
  },
  ApiextensionsV1ServiceReference: { fields: { port: 443 } },
};
