import { table } from '../../../../meta/table.ts';
import type { Rules } from '../../../schema/defaultRules.ts';
import type { Secret } from '../../../schema/types.ts';
import { setOwn, sortedByKey } from '../../../schema/zero.ts';

export const secretDefaults: Rules = {
  Secret: {
    adjust(secret: Secret) {
      if (!secret.stringData) return;
      const data: Record<string, string> = table({ ...secret.data });
      for (const [key, text] of Object.entries(secret.stringData)) {
        setOwn(data, key, Buffer.from(text).toString('base64'));
      }
      secret.data = sortedByKey(data);
      delete secret.stringData;
    },
    fields: { type: 'Opaque' },
  },
};
