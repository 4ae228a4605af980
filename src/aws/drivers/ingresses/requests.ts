import type {
  Action,
  CreateListenerCommandInput,
  CreateRuleCommandInput,
  ModifyListenerCommandInput,
  ModifyRuleCommandInput,
  RedirectActionConfig,
  RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { unsettled } from '../loadBalancers/requests.ts';
import { tagList } from '../tags.ts';
import type { Condition, RuleAction, WebListener, WebRule } from './stack.ts';

/** Pure: from what is wanted to what ELBv2 is asked. `arnOf` knows target groups by name. */
type ArnOf = (targetGroup: string) => string;

export const createListenerRequest = (
  loadBalancer: string,
  listener: WebListener,
  tags: Record<string, string>,
  arnOf: ArnOf,
): CreateListenerCommandInput => ({
  LoadBalancerArn: loadBalancer,
  ...listenerRequest(listener, arnOf),
  Tags: tagList(unsettled(tags)),
});

export const modifyListenerRequest = (
  arn: string,
  listener: WebListener,
  arnOf: ArnOf,
): ModifyListenerCommandInput => ({ ListenerArn: arn, ...listenerRequest(listener, arnOf) });

const listenerRequest = (
  { port, protocol, certificates, sslPolicy, otherwise }: WebListener,
  arnOf: ArnOf,
) => ({
  Port: port,
  Protocol: protocol,
  ...(certificates[0] && { Certificates: [{ CertificateArn: certificates[0] }] }),
  ...(sslPolicy && { SslPolicy: sslPolicy }),
  DefaultActions: [actionRequest(otherwise, arnOf)],
});

export const createRuleRequest = (
  listener: string,
  priority: number,
  rule: WebRule,
  tags: Record<string, string>,
  arnOf: ArnOf,
): CreateRuleCommandInput => ({
  ListenerArn: listener,
  Priority: priority,
  ...ruleRequest(rule, arnOf),
  Tags: tagList(unsettled(tags)),
});

export const modifyRuleRequest = (arn: string, rule: WebRule, arnOf: ArnOf): ModifyRuleCommandInput => ({
  RuleArn: arn,
  ...ruleRequest(rule, arnOf),
});

const ruleRequest = ({ conditions, action }: WebRule, arnOf: ArnOf) => ({
  Conditions: conditions.map(conditionRequest),
  Actions: [actionRequest(action, arnOf)],
});

function conditionRequest(condition: Condition): RuleCondition {
  const { field: Field } = condition;
  switch (condition.field) {
    case 'host-header':
      return { Field, HostHeaderConfig: { Values: condition.values } };
    case 'path-pattern':
      return { Field, PathPatternConfig: { Values: condition.values } };
    case 'http-request-method':
      return { Field, HttpRequestMethodConfig: { Values: condition.values } };
    case 'source-ip':
      return { Field, SourceIpConfig: { Values: condition.values } };
    case 'http-header':
      return { Field, HttpHeaderConfig: { HttpHeaderName: condition.name, Values: condition.values } };
    case 'query-string': {
      const Values = condition.pairs.map(({ key, value }) => ({ Key: key, Value: value }));
      return { Field, QueryStringConfig: { Values } };
    }
  }
}

function actionRequest(action: RuleAction, arnOf: ArnOf): Action {
  if ('answer' in action) {
    const { status, contentType, body } = action.answer;
    const MessageBody = body || undefined;
    const FixedResponseConfig = { StatusCode: status, ContentType: contentType, MessageBody };
    return { Type: 'fixed-response', FixedResponseConfig };
  }
  if ('redirect' in action) {
    const { protocol, host, port, path, query, status } = action.redirect;
    const StatusCode = status as RedirectActionConfig['StatusCode'];
    const RedirectConfig = {
      Protocol: protocol,
      Host: host,
      Port: port,
      Path: path,
      Query: query,
      StatusCode,
    };
    return { Type: 'redirect', RedirectConfig };
  }
  const { forward, stickySeconds } = action;
  const [first, ...more] = forward;
  if (first && first.weight === 1 && more.length === 0 && !stickySeconds)
    return { Type: 'forward', TargetGroupArn: arnOf(first.target) };
  return {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: forward.map(({ target, weight }) => ({ TargetGroupArn: arnOf(target), Weight: weight })),
      TargetGroupStickinessConfig: {
        Enabled: stickySeconds !== undefined,
        ...(stickySeconds && { DurationSeconds: stickySeconds }),
      },
    },
  };
}
