import { parseQuantity } from '../../../meta/quantity.ts';
import type { Column } from '../../kind.ts';
import { quantityText } from '../../schema/quantity.ts';
import type { Quantity } from '../../schema/types.ts';

type Usage = Record<string, Quantity>;
type Measured = { metadata: { name?: string }; window: string };

/** Columns as metrics-server has them: one for each resource, named as it is. */
export const usageColumns = <T extends Measured>(usages: (object: T) => Usage[]): Column<T>[] => [
  {
    ...{ name: 'Name', type: 'string', format: 'name', description: 'Name of the resource' },
    value: ({ metadata }) => metadata.name ?? '',
  },
  amount('cpu', usages),
  amount('memory', usages),
  { name: 'Window', type: 'string', format: 'duration', description: '', value: ({ window }) => window },
];

const amount = <T>(name: 'cpu' | 'memory', usages: (object: T) => Usage[]): Column<T> => ({
  ...{ name, type: 'string', format: 'quantity', description: '' },
  value: (object) => {
    const sum = usages(object).reduce(
      (total, usage) => total + (parseQuantity(usage[name] ?? '0') ?? 0n),
      0n,
    );
    return quantityText(sum, name === 'memory' ? 'binary' : 'decimal');
  },
});
