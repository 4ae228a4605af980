/** Describes something that a function did, for X-Ray. Times are milliseconds since the epoch. */
export interface Traced {
  name: string;
  startMs: number;
  endMs: number;
  /** Is what traces are searched by; values that are undefined are left out. */
  annotations: Record<string, string | number | undefined>;
  isFault?: boolean;
}

/**
 * The datagram that the X-Ray daemon takes: a subsegment below the function's own segment, which Lambda makes. Undefined where
 * the trace header says that the run is not sampled.
 */
export function subsegmentOf(header: string | undefined, id: string, traced: Traced): string | undefined {
  const { Root, Parent, Sampled } = Object.fromEntries(
    (header ?? '').split(';').map((part) => part.split('=') as [string, string]),
  );
  if (!Root || !Parent || Sampled !== '1') return undefined;
  const segment = {
    ...{ id, trace_id: Root, parent_id: Parent, type: 'subsegment' },
    name: traced.name.replace(refused, '_').slice(0, longestName),
    start_time: traced.startMs / 1000,
    end_time: traced.endMs / 1000,
    annotations: traced.annotations,
    ...(traced.isFault && { fault: true }),
  };
  return `{"format":"json","version":1}\n${JSON.stringify(segment)}`;
}

const longestName = 200;
/** X-Ray takes these in names and no others. */
const refused = /[^\p{L}\p{N}\p{Z}_.:/%&#=+\\\-@]/gu;
