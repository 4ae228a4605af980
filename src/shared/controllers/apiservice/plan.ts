import type { APIService, APIServiceCondition, EndpointSlice, Service } from '../../kinds/schema/types.ts';

/** Describes whether the server of an APIService can be asked, and in which words it is said that not. */
export type Verdict = Pick<APIServiceCondition, 'status' | 'reason' | 'message'>;

const not = (reason: string, message: string): Verdict => ({ status: 'False', reason, message });

/** Returns what is wrong before the server has been asked; undefined when nothing is. */
export function obstacle(
  { spec }: APIService,
  service: Service | undefined,
  slices: readonly EndpointSlice[],
): Verdict | undefined {
  const { namespace = '', name = '', port = 443 } = spec?.service ?? {};
  const place = `service/${name} in ${JSON.stringify(namespace)}`;
  if (!service) return not('ServiceNotFound', `${place} is not present`);
  if ((service.spec?.type ?? 'ClusterIP') !== 'ClusterIP') return undefined;
  const found = service.spec?.ports?.find((each) => each.port === port);
  if (!found) return not('ServicePortError', `${place} is not listening on port ${port}`);
  if (slices.length === 0)
    return not(
      'EndpointsNotFound',
      `cannot find endpointslices for service/${name} in ${JSON.stringify(namespace)}`,
    );
  const portName = found.name ?? '';
  const isServed = slices.some(
    ({ endpoints, ports }) =>
      (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false) &&
      (ports ?? []).some(({ name: each = '', port: number }) => each === portName && number !== undefined),
  );
  if (isServed) return undefined;
  const why = `have no addresses with port name ${JSON.stringify(portName)}`;
  return not('MissingEndpoints', `endpointslices for ${place} ${why}`);
}

/** The conditions with the verdict; undefined when they say it already. */
export function withVerdict(
  conditions: readonly APIServiceCondition[],
  verdict: Verdict,
  now: string,
): APIServiceCondition[] | undefined {
  const current = conditions.find(({ type }) => type === 'Available');
  if (
    current?.status === verdict.status &&
    current.reason === verdict.reason &&
    current.message === verdict.message
  )
    return undefined;
  const since = current?.status === verdict.status ? (current.lastTransitionTime ?? now) : now;
  const condition = { type: 'Available', lastTransitionTime: since, ...verdict };
  return [...conditions.filter(({ type }) => type !== 'Available'), condition];
}
