import type {
  Ingresses,
  IngressMember,
  IngressOutcome,
  IngressRef,
  Targets,
} from '../../../shared/ports/cloud.ts';
import type { Api } from '../loadBalancers/api.ts';
import type { Application } from '../loadBalancers/apply.ts';
import { settingsTag } from '../loadBalancers/desired.ts';
import { ensureStack } from '../loadBalancers/ensuring.ts';
import { healthOf } from '../loadBalancers/health.ts';
import { serviceHash } from '../loadBalancers/names.ts';
import { planAround } from '../loadBalancers/plan.ts';
import { removeStack } from '../loadBalancers/remove.ts';
import type { Observed } from '../loadBalancers/stack.ts';
import { listOwners } from '../loadBalancers/sweeping.ts';
import { openSender, type SenderOptions } from '../sender.ts';
import { applyListeners } from './apply.ts';
import { desiredStack, type WebPlace } from './desired.ts';
import { type Acm, discover } from './discovery.ts';
import { observeListeners } from './observe.ts';
import { planListeners } from './plan.ts';
import { hostsToDiscover } from './settings.ts';
import type { WebStack } from './stack.ts';
import { addressesIn, retarget } from './targets.ts';

export interface ApplicationLoadBalancerOptions extends SenderOptions, WebPlace {
  elb: Api['elb'];
  ec2: Api['ec2'];
  acm: Acm['acm'];
}

/**
 * One application load balancer for each Ingress or group of them, a target group for each Service port that an Ingress
 * names. Nothing is remembered: every call reads what is there and sends what is missing.
 */
export const openApplicationLoadBalancers = (options: ApplicationLoadBalancerOptions): Ingresses =>
  new ApplicationLoadBalancers(options);

/** It sends no request any more once it knows that a target leaves, which takes some seconds to reach all its nodes. */
const drainMs = 30_000;

const nothing: Observed = { listeners: [], targetGroups: [] };

class ApplicationLoadBalancers implements Ingresses {
  readonly #api: Api;
  readonly #acm: Acm['acm'];
  readonly #place: WebPlace;
  readonly targets: Targets = {
    drainMs,
    health: (ref) => healthOf(this.#api, serviceHash(this.#place.deployment, ref)),
  };

  constructor({ elb, ec2, acm, ...options }: ApplicationLoadBalancerOptions) {
    this.#acm = acm;
    this.#api = { elb, ec2, send: openSender(options) };
    this.#place = options;
  }

  async ensure(ref: IngressRef, members: IngressMember[]): Promise<IngressOutcome> {
    const hosts = members.flatMap(({ ingress }) => hostsToDiscover(ingress));
    const certificates = await discover({ acm: this.#acm, send: this.#api.send }, hosts);
    const { wanted, refused } = desiredStack(this.#place, ref, members, certificates);
    if (!wanted) {
      const owner = serviceHash(this.#place.deployment, ref);
      if (!members.some(({ isServed }) => isServed)) return { refused };
      return { refused, routed: await retarget(this.#api, this.#place.vpc, owner, members) };
    }
    const hostname = await ensureStack(this.#api, this.#place, ref, wanted, undefined, (...found) =>
      this.#apply(ref, wanted, ...found),
    );
    return { points: hostname ? [{ hostname }] : [], refused, routed: addressesIn(wanted.targetGroups) };
  }

  remove(ref: IngressRef): Promise<void> {
    return removeStack(this.#api, this.#place, ref);
  }

  list(): Promise<IngressRef[]> {
    return listOwners(this.#api, this.#place, 'Ingress');
  }

  /**
   * Target groups are there before what leads to them, and go after it. What the object has elsewhere (under another name
   * or scheme) goes before a load balancer is made, so that there never are two.
   */
  async #apply(
    ref: IngressRef,
    wanted: WebStack,
    observed: Observed,
    application: Application,
    owner: string,
  ): Promise<void> {
    const { loadBalancer: found } = observed;
    const { tags } = wanted.loadBalancer;
    if (!found) await this.remove(ref);
    const around = planAround(owner, wanted, found ? observed : nothing);
    await application.run(around.before);
    const { arn = '' } = application.loadBalancer ?? {};
    const nameOf = (group: string) => observed.targetGroups.find((g) => g.arn === group)?.name;
    const listeners = await observeListeners(this.#api, arn, nameOf);
    const actions = planListeners(
      wanted.listeners,
      listeners,
      found?.tags[settingsTag] !== tags[settingsTag],
    );
    await applyListeners(this.#api, actions, listeners, {
      loadBalancer: arn,
      tags,
      targetGroup: (name) => (name.startsWith('arn:') ? name : application.targetGroup(name)),
    });
    await application.run([...around.after, ...around.last]);
  }
}
