import type { Clock } from '../../clock/clock.ts';
import { deadline } from '../../clock/deadline.ts';
import type { APIService } from '../../kinds/schema/types.ts';
import type { OtherServers } from '../../ports/otherServers.ts';

const patienceMs = 5_000;

/** Asks the server for what every API server has to answer. Resolves with what is wrong; undefined when nothing is. */
export async function problemOf(
  cluster: string,
  object: APIService,
  servers: OtherServers,
  clock: Clock,
): Promise<string | undefined> {
  const {
    group,
    version,
    service,
    caBundle: _,
    ...spec
  } = object.spec ?? { groupPriorityMinimum: 0, versionPriority: 0 };
  const path = `/apis/${group}/${version}`;
  const url = `https://${service?.name}.${service?.namespace}.svc:${service?.port ?? 443}${path}`;
  const { signal, done } = deadline(clock, patienceMs);
  try {
    // Who owns the network may spoil a condition as well: the certificate is looked at when requests are sent on.
    const anyone = {
      ...object,
      spec: { ...spec, group, version, service, insecureSkipTLSVerify: true },
    } as APIService;
    const { status, body } = await servers.send(cluster, anyone, {
      method: 'GET',
      path,
      headers: [
        ['host', `${service?.name}.${service?.namespace}.svc`],
        ['accept', 'application/json'],
        ['x-remote-user', 'system:kube-aggregator'],
        ['x-remote-group', 'system:masters'],
      ],
      signal,
    });
    for await (const _chunk of body);
    if (status >= 200 && status < 300) return undefined;
    return `failing or missing response from ${url}: bad status from ${url}: ${status}`;
  } catch (error) {
    if (signal.aborted) return `timed out waiting for ${url}`;
    return `failing or missing response from ${url}: Get ${JSON.stringify(url)}: ${(error as Error).message}`;
  } finally {
    done();
  }
}
