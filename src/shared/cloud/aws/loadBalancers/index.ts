import { ApiError } from '../../../errors/apiError.ts';
import { invalid } from '../../../errors/common.ts';
import type { LoadBalancerIngress, Service } from '../../../kinds/schema/types.ts';
import type { LoadBalancers, ServiceEndpoint, ServiceRef } from '../../provider.ts';
import { openSender, type SenderOptions } from '../sender.ts';
import type { Api } from './api.ts';
import { Application } from './apply.ts';
import { checkOwned } from './creating.ts';
import { deleteLoadBalancer } from './deleting.ts';
import { desiredStack, type Place } from './desired.ts';
import { serviceHash } from './names.ts';
import { observe } from './observe.ts';
import { plan } from './plan.ts';
import { removeStack } from './remove.ts';
import { listServices } from './sweeping.ts';

export interface NetworkLoadBalancerOptions extends SenderOptions, Place {
  elb: Api['elb'];
  ec2: Api['ec2'];
}

/**
 * One network load balancer for each Service of type LoadBalancer, its targets the ready endpoints' addresses. Nothing
 * is remembered: every call reads what is there (observe.ts says with how many requests) and sends what is missing.
 */
export const openNetworkLoadBalancers = (options: NetworkLoadBalancerOptions): LoadBalancers =>
  new NetworkLoadBalancers(options);

class NetworkLoadBalancers implements LoadBalancers {
  readonly #api: Api;
  readonly #place: Place;

  constructor({ elb, ec2, ...options }: NetworkLoadBalancerOptions) {
    this.#api = { elb, ec2, send: openSender(options) };
    this.#place = options;
  }

  async ensure(
    ref: ServiceRef,
    service: Service,
    endpoints: ServiceEndpoint[],
  ): Promise<LoadBalancerIngress[]> {
    if (!isOurs(service)) {
      if (hadLoadBalancer(service)) await this.remove(ref);
      refuseNodePort(service);
      return [];
    }
    const { vpc, deployment } = this.#place;
    const owner = serviceHash(deployment, ref);
    const wanted = desiredStack(this.#place, ref, service, endpoints);
    const { name, scheme } = wanted.loadBalancer;
    let observed = await observe(this.#api, vpc, name, owner);
    if (observed.loadBalancer) {
      checkOwned(wanted.loadBalancer, observed.loadBalancer.tags);
      // Only under a name that the user chose: ours tell the scheme.
      if (observed.loadBalancer.scheme !== scheme) {
        await deleteLoadBalancer(this.#api, observed.loadBalancer.arn);
        observed = { ...observed, loadBalancer: undefined, listeners: [] };
      }
    }
    const application = new Application(this.#api, vpc, observed);
    await application.run(plan(ref, owner, wanted, observed));
    const { hostname = '', state, arn } = application.loadBalancer ?? {};
    // What the status tells of is another one: the Service has moved.
    const told = service.status?.loadBalancer?.ingress?.[0]?.hostname;
    if (told && told !== hostname) await removeStack(this.#api, this.#place, ref, arn);
    if (state === 'failed')
      throw new ApiError('InternalError', `AWS could not set up the load balancer ${name}`);
    return state === 'active' || state === 'active_impaired' ? [{ hostname }] : [];
  }

  remove(ref: ServiceRef): Promise<void> {
    return removeStack(this.#api, this.#place, ref);
  }

  list(): Promise<ServiceRef[]> {
    return listServices(this.#api, this.#place);
  }
}

const finalizer = 'service.kubernetes.io/load-balancer-cleanup';
const classes = ['service.k8s.aws/nlb', 'shallop.dev/nlb'];

/** A Service with another class is somebody else's. */
const isOurs = ({ spec }: Service) =>
  spec?.type === 'LoadBalancer' && (!spec.loadBalancerClass || classes.includes(spec.loadBalancerClass));

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
