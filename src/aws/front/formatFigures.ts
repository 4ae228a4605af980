import type { Gathered } from '../../shared/observability/metrics.ts';

/** Returns what /metrics tells of the table's layout, which decides whether an earlier version may be deployed again. */
export const formatFigures = (format: () => number): Gathered[] => [
  {
    name: 'shallop_table_format',
    help: 'Format of the table, as this instance found it.',
    type: 'gauge',
    labelNames: [],
    read: () => (format() > 0 ? [[{}, format()]] : []),
  },
];
