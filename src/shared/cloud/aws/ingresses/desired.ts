import type { Ingress, IngressBackend } from '../../../kinds/schema/types.ts';
import type { IngressEndpoints, IngressRef } from '../../provider.ts';
import { kindTag, type Place, settingsTag } from '../loadBalancers/desired.ts';
import { fingerprint, loadBalancerName, serviceHash, webTargetGroupName } from '../loadBalancers/names.ts';
import type { Rule, TargetGroupSpec } from '../loadBalancers/stack.ts';
import { tags } from '../tags.ts';
import { rulesOf } from './rules.ts';
import { type Settings, settingsOf } from './settings.ts';
import type { RuleAction, WebListener, WebStack } from './stack.ts';

/** What an Ingress wants. Pure. Throws Invalid when it cannot be had, naming the field or annotation. */
export function desiredStack(
  place: Place,
  ref: IngressRef,
  ingress: Ingress,
  backends: IngressEndpoints[],
): WebStack {
  const settings = settingsOf(ingress);
  const owner = serviceHash(place.deployment, ref);
  const name = settings.name ?? loadBalancerName(place.deployment, ref, settings.scheme);
  const own = {
    ...settings.tags,
    [tags.deployment]: place.deployment,
    [tags.cluster]: ref.cluster,
    [tags.namespace]: ref.namespace,
    [tags.name]: ref.name,
    [tags.uid]: ref.uid,
    [kindTag]: 'Ingress',
  };
  // A target group belongs to one load balancer, so that another one needs others.
  const groupOf = (service: string, port: string | number) =>
    webTargetGroupName(owner, [name, settings.scheme, service, String(port), settings.backend]);
  const actionOf = ({ service }: IngressBackend): RuleAction =>
    service ? { forward: groupOf(service.name, portOf(service.port)) } : { answer: 404 };
  const rules = rulesOf(ingress, actionOf);
  const { defaultBackend } = ingress.spec ?? {};
  const otherwise = defaultBackend ? actionOf(defaultBackend) : { answer: 404 };
  return {
    loadBalancer: {
      name,
      type: 'application',
      scheme: settings.scheme,
      subnets: settings.subnets.length > 0 ? settings.subnets : place.subnets,
      allocations: [],
      securityGroups: [place.securityGroup, ...settings.securityGroups],
      attributes: settings.attributes,
      tags: { ...own, [settingsTag]: fingerprint([settings.attributes, settings.certificates.slice(1)]) },
    },
    targetGroups: backends.map(
      ({ service, port, endpoints }): TargetGroupSpec => ({
        name: groupOf(service, port),
        protocol: settings.backend,
        // Each target is registered with its own.
        port: 80,
        health: settings.health,
        attributes: settings.targetGroupAttributes,
        tags: { ...own, [settingsTag]: fingerprint(settings.targetGroupAttributes) },
        targets: endpoints.filter((e) => e.ready).map((e) => ({ address: e.address, port: e.port })),
      }),
    ),
    listeners: settings.listen.map((listen) => listener(listen, settings, { otherwise, rules })),
    ...(settings.securityGroups.length === 0 && { rules: allowed(settings, owner) }),
  };
}

/** As an Ingress names it. */
const portOf = (port: { name?: string; number?: number } = {}): string | number =>
  port.name || (port.number ?? 0);

function listener(
  { port, protocol }: Settings['listen'][number],
  { certificates, sslPolicy, sslRedirect }: Settings,
  routes: Pick<WebListener, 'otherwise' | 'rules'>,
): WebListener {
  if (protocol === 'HTTPS') return { port, protocol, certificates, sslPolicy, ...routes };
  if (sslRedirect === undefined) return { port, protocol, certificates: [], ...routes };
  return { port, protocol, certificates: [], otherwise: { redirect: sslRedirect }, rules: [] };
}

const allowed = ({ listen, sourceRanges }: Settings, owner: string): Rule[] =>
  listen.flatMap(({ port }) =>
    sourceRanges.map((cidr): Rule => ({ protocol: 'tcp', port, cidr, description: owner })),
  );
