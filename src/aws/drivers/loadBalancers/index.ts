import { invalid } from '../../../shared/errors/common.ts';
import type { LoadBalancerIngress, Service } from '../../../shared/kinds/schema/types.ts';
import type { LoadBalancers, ServiceEndpoint, ServiceRef, Targets } from '../../../shared/ports/cloud.ts';
import { isBalancedHere } from '../../../shared/ports/loadBalancers.ts';
import { openSender, type SenderOptions } from '../sender.ts';
import type { Api } from './api.ts';
import { desiredStack, type Place } from './desired.ts';
import { ensureStack } from './ensuring.ts';
import { healthOf } from './health.ts';
import { serviceHash } from './names.ts';
import { plan } from './plan.ts';
import { removeStack } from './remove.ts';
import { listOwners } from './sweeping.ts';

export interface NetworkLoadBalancerOptions extends SenderOptions, Place {
  elb: Api['elb'];
  /** Says how long connections may come to a target after it was told to leave. */
  drainMs?: number;
  ec2: Api['ec2'];
}

/**
 * One network load balancer for each Service of type LoadBalancer, its targets the ready endpoints' addresses. Nothing
 * is remembered: every call reads what is there (observe.ts says with how many requests) and sends what is missing.
 */
export const openNetworkLoadBalancers = (options: NetworkLoadBalancerOptions): LoadBalancers =>
  new NetworkLoadBalancers(options);

class NetworkLoadBalancers implements LoadBalancers {
  readonly classes = classes;
  readonly #api: Api;
  readonly #place: Place;
  readonly targets: Targets;

  constructor({ elb, ec2, drainMs = usualDrainMs, ...options }: NetworkLoadBalancerOptions) {
    this.targets = {
      drainMs,
      health: (ref) => healthOf(this.#api, serviceHash(this.#place.deployment, ref)),
    };
    this.#api = { elb, ec2, send: openSender(options) };
    this.#place = options;
  }

  async ensure(
    ref: ServiceRef,
    service: Service,
    endpoints: ServiceEndpoint[],
  ): Promise<LoadBalancerIngress[]> {
    if (!isBalancedHere(service, classes)) {
      if (hadLoadBalancer(service)) await this.remove(ref);
      refuseNodePort(service);
      return [];
    }
    const wanted = desiredStack(this.#place, ref, service, endpoints);
    const knownHostname = service.status?.loadBalancer?.ingress?.[0]?.hostname;
    const hostname = await ensureStack(
      this.#api,
      this.#place,
      ref,
      wanted,
      knownHostname,
      (observed, application, owner) => application.run(plan(ref, owner, wanted, observed)),
    );
    return hostname ? [{ hostname }] : [];
  }

  remove(ref: ServiceRef): Promise<void> {
    return removeStack(this.#api, this.#place, ref);
  }

  list(): Promise<ServiceRef[]> {
    return listOwners(this.#api, this.#place, 'Service');
  }
}

/** Users measured about two minutes, whatever the deregistration delay (aws-load-balancer-controller #2366). */
const usualDrainMs = 130_000;

const finalizer = 'service.kubernetes.io/load-balancer-cleanup';
const classes = ['service.k8s.aws/nlb', 'shallop.dev/nlb'];

/** The finalizer stays until nothing is left. */
const hadLoadBalancer = ({ metadata, status }: Service) =>
  metadata.finalizers?.includes(finalizer) || (status?.loadBalancer?.ingress ?? []).length > 0;

function refuseNodePort({ metadata, spec }: Service): void {
  if (spec?.type !== 'NodePort') return;
  const message =
    'Unsupported value: "NodePort": there are no nodes to reach on AWS: use LoadBalancer or ClusterIP';
  const cause = { reason: 'FieldValueNotSupported', field: 'spec.type', message };
  throw invalid('Service', '', metadata.name ?? '', [cause]);
}
