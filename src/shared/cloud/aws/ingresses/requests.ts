import type {
  Action,
  CreateListenerCommandInput,
  CreateRuleCommandInput,
  ModifyListenerCommandInput,
  ModifyRuleCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { unsettled } from '../loadBalancers/requests.ts';
import { tagList } from '../tags.ts';
import type { RuleAction, WebListener, WebRule } from './stack.ts';

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

const ruleRequest = ({ hosts, paths, action }: WebRule, arnOf: ArnOf) => ({
  Conditions: [
    ...(hosts.length > 0 ? [{ Field: 'host-header', HostHeaderConfig: { Values: hosts } }] : []),
    ...(paths.length > 0 ? [{ Field: 'path-pattern', PathPatternConfig: { Values: paths } }] : []),
  ],
  Actions: [actionRequest(action, arnOf)],
});

function actionRequest(action: RuleAction, arnOf: ArnOf): Action {
  if ('forward' in action) return { Type: 'forward', TargetGroupArn: arnOf(action.forward) };
  if ('answer' in action)
    return {
      Type: 'fixed-response',
      FixedResponseConfig: { StatusCode: String(action.answer), ContentType: 'text/plain' },
    };
  const RedirectConfig = {
    Protocol: 'HTTPS',
    Port: String(action.redirect),
    StatusCode: 'HTTP_301' as const,
  };
  return { Type: 'redirect', RedirectConfig };
}
