import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';

/** Describes a figure of CloudWatch. */
export interface MetricAsked {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  /** Is what becomes of its values: all of them added, the largest, or the latest. */
  fold: 'sum' | 'largest' | 'latest';
}

export interface Window {
  startMs: number;
  endMs: number;
  periodSeconds: number;
}

/** The limit of a call. */
const mostQueries = 500;

/**
 * Reads figures of CloudWatch, each under its key. One that nothing was told of is absent. A call costs $0.01 for each
 * thousand figures. Throws when CloudWatch refuses.
 */
export async function readMetrics<Key extends string>(
  client: Pick<CloudWatchClient, 'send'>,
  asked: Record<Key, MetricAsked>,
  { startMs, endMs, periodSeconds }: Window,
): Promise<Partial<Record<Key, number>>> {
  const keys = Object.keys(asked) as Key[];
  if (keys.length > mostQueries)
    throw new Error(`${keys.length} metrics are more than CloudWatch returns at once`);
  const input = {
    StartTime: new Date(startMs),
    EndTime: new Date(endMs),
    ScanBy: 'TimestampDescending' as const,
    MetricDataQueries: keys.map((key, i) => queryOf(`m${i}`, asked[key], periodSeconds)),
  };
  const values = keys.map((): number[] => []);
  let NextToken: string | undefined;
  do {
    const page = await client.send(new GetMetricDataCommand({ ...input, NextToken }));
    for (const { Id, Values = [] } of page.MetricDataResults ?? [])
      values[Number(Id?.slice(1))]?.push(...Values);
    NextToken = page.NextToken;
  } while (NextToken);
  const told = keys.flatMap((key, i) =>
    values[i]!.length > 0 ? [[key, folds[asked[key].fold](values[i]!)] as const] : [],
  );
  return Object.fromEntries(told) as Partial<Record<Key, number>>;
}

const folds = {
  sum: (values: number[]) => values.reduce((sum, each) => sum + each, 0),
  largest: (values: number[]) => Math.max(...values),
  // The newest is told first.
  latest: (values: number[]) => values[0]!,
};

const queryOf = (
  Id: string,
  { namespace, name, dimensions, fold }: MetricAsked,
  Period: number,
): MetricDataQuery => ({
  Id,
  MetricStat: {
    Metric: {
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period,
    Stat: fold === 'sum' ? 'Sum' : 'Maximum',
  },
});
