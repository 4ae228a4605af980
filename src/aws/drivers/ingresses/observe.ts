import {
  type Action,
  DescribeListenersCommand,
  DescribeRulesCommand,
  type Listener,
  type Rule,
  type RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Api } from '../loadBalancers/api.ts';
import { pages } from '../pages.ts';
import { fixedResponse, redirectTo } from './actions.ts';
import type { Condition, ObservedRule, ObservedWebListener, RuleAction } from './stack.ts';

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
  const conditions = Conditions.flatMap((condition) => conditionOf(condition) ?? []);
  const action = actionOf(Actions, nameOf);
  const known = action && conditions.length === Conditions.length;
  return { arn: RuleArn, priority: Number(Priority), ...(known && { rule: { conditions, action } }) };
}

function conditionOf({ Field, Values = [], ...configs }: RuleCondition): Condition | undefined {
  switch (Field) {
    case 'host-header':
      return { field: Field, values: configs.HostHeaderConfig?.Values ?? Values };
    case 'path-pattern':
      return { field: Field, values: configs.PathPatternConfig?.Values ?? Values };
    case 'http-request-method':
      return { field: Field, values: configs.HttpRequestMethodConfig?.Values ?? [] };
    case 'source-ip':
      return { field: Field, values: configs.SourceIpConfig?.Values ?? [] };
    case 'http-header': {
      const { HttpHeaderName = '', Values: values = [] } = configs.HttpHeaderConfig ?? {};
      return { field: Field, name: HttpHeaderName, values };
    }
    case 'query-string': {
      const pairs = configs.QueryStringConfig?.Values ?? [];
      return { field: Field, pairs: pairs.map(({ Key, Value = '' }) => ({ key: Key, value: Value })) };
    }
    default:
      return undefined;
  }
}

function actionOf(actions: Action[] = [], nameOf: NameOf): RuleAction | undefined {
  const [action] = actions;
  if (!action || actions.length > 1) return undefined;
  const { FixedResponseConfig: answer, RedirectConfig: redirect } = action;
  switch (action.Type) {
    case 'forward':
      return forwardOf(action, nameOf);
    case 'fixed-response':
      return fixedResponse(answer?.StatusCode ?? '', answer?.MessageBody, answer?.ContentType);
    case 'redirect':
      return redirectTo(redirect?.StatusCode ?? '', {
        ...(redirect?.Protocol !== undefined && { protocol: redirect.Protocol }),
        ...(redirect?.Host !== undefined && { host: redirect.Host }),
        ...(redirect?.Port !== undefined && { port: redirect.Port }),
        ...(redirect?.Path !== undefined && { path: redirect.Path }),
        ...(redirect?.Query !== undefined && { query: redirect.Query }),
      });
    default:
      return undefined;
  }
}

function forwardOf({ TargetGroupArn, ForwardConfig }: Action, nameOf: NameOf): RuleAction {
  const groups = ForwardConfig?.TargetGroups ?? [{ TargetGroupArn }];
  const { Enabled, DurationSeconds } = ForwardConfig?.TargetGroupStickinessConfig ?? {};
  return {
    forward: groups.map(({ TargetGroupArn: arn = '', Weight = 1 }) => ({
      target: nameOf(arn) ?? arn,
      weight: Weight,
    })),
    ...(Enabled && { stickySeconds: DurationSeconds }),
  };
}
