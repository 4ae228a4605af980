import {
  type Action,
  DescribeListenersCommand,
  DescribeRulesCommand,
  type Listener,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Api } from '../loadBalancers/api.ts';
import { pages } from '../pages.ts';
import type { ObservedRule, ObservedWebListener, RuleAction } from './stack.ts';

/** Listeners of a load balancer with their rules: a call, and one for each. `nameOf` knows target groups by ARN. */
export async function observeListeners(
  api: Api,
  loadBalancer: string,
  nameOf: (arn: string) => string | undefined,
): Promise<ObservedWebListener[]> {
  const found = await pages(async (Marker) => {
    const request = new DescribeListenersCommand({ LoadBalancerArn: loadBalancer, Marker });
    const { Listeners = [], NextMarker } = await api.send('DescribeListeners', () => api.elb.send(request));
    return { items: Listeners, next: NextMarker };
  });
  return Promise.all(
    found.map(async (listener) => listenerOf(listener, await rules(api, listener, nameOf), nameOf)),
  );
}

async function rules(api: Api, { ListenerArn }: Listener, nameOf: NameOf): Promise<ObservedRule[]> {
  const found = await pages(async (Marker) => {
    const request = new DescribeRulesCommand({ ListenerArn, Marker });
    const { Rules = [], NextMarker } = await api.send('DescribeRules', () => api.elb.send(request));
    return { items: Rules, next: NextMarker };
  });
  return found
    .filter(({ IsDefault }) => !IsDefault)
    .map((rule) => ruleOf(rule, nameOf))
    .sort((a, b) => a.priority - b.priority);
}

type NameOf = (arn: string) => string | undefined;

const listenerOf = (listener: Listener, found: ObservedRule[], nameOf: NameOf): ObservedWebListener => ({
  arn: listener.ListenerArn ?? '',
  port: listener.Port ?? 0,
  protocol: listener.Protocol ?? '',
  certificate: listener.Certificates?.[0]?.CertificateArn,
  sslPolicy: listener.SslPolicy,
  otherwise: actionOf(listener.DefaultActions, nameOf),
  rules: found,
});

function ruleOf({ RuleArn = '', Priority, Conditions = [], Actions }: Rule, nameOf: NameOf): ObservedRule {
  const valuesOf = (field: string) =>
    Conditions.filter(({ Field }) => Field === field).flatMap(
      (c) => c.HostHeaderConfig?.Values ?? c.PathPatternConfig?.Values ?? c.Values ?? [],
    );
  const known = Conditions.every(({ Field }) => Field === 'host-header' || Field === 'path-pattern');
  return {
    arn: RuleArn,
    priority: Number(Priority),
    hosts: valuesOf('host-header'),
    paths: valuesOf('path-pattern'),
    ...(known && { action: actionOf(Actions, nameOf) }),
  };
}

function actionOf(actions: Action[] = [], nameOf: NameOf): RuleAction | undefined {
  const [action] = actions;
  if (!action || actions.length > 1) return undefined;
  const arn = action.TargetGroupArn ?? action.ForwardConfig?.TargetGroups?.[0]?.TargetGroupArn;
  const name = arn && nameOf(arn);
  if (action.Type === 'forward') return name ? { forward: name } : undefined;
  if (action.Type === 'fixed-response') return { answer: Number(action.FixedResponseConfig?.StatusCode) };
  if (action.Type === 'redirect') return { redirect: Number(action.RedirectConfig?.Port) };
  return undefined;
}
