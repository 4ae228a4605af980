import {
  CreateListenerCommand,
  CreateRuleCommand,
  DeleteRuleCommand,
  ModifyListenerCommand,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Api } from '../loadBalancers/api.ts';
import { deleteListener, ignoring } from '../loadBalancers/deleting.ts';
import { setCertificates } from './certificates.ts';
import type { WebAction } from './plan.ts';
import {
  createListenerRequest,
  createRuleRequest,
  modifyListenerRequest,
  modifyRuleRequest,
} from './requests.ts';
import type { ObservedWebListener } from './stack.ts';

/** Describes what the actions are about. */
export interface Target {
  loadBalancer: string;
  /** The tags of everything that is made. */
  tags: Record<string, string>;
  /** ARN of the target group of that name. */
  targetGroup(name: string): string;
}

/** Carries a plan out, one action after the other. */
export async function applyListeners(
  api: Api,
  actions: WebAction[],
  observed: ObservedWebListener[],
  { loadBalancer, tags, targetGroup }: Target,
): Promise<void> {
  const { elb, send } = api;
  const listeners = new Map(observed.map(({ port, arn }) => [port, arn]));
  const run = async (action: WebAction): Promise<unknown> => {
    switch (action.do) {
      case 'createListener': {
        const request = createListenerRequest(loadBalancer, action.spec, tags, targetGroup);
        const made = await send('CreateListener', () => elb.send(new CreateListenerCommand(request)));
        return listeners.set(action.spec.port, made.Listeners?.[0]?.ListenerArn ?? '');
      }
      case 'modifyListener': {
        const request = modifyListenerRequest(action.arn, action.spec, targetGroup);
        return send('ModifyListener', () => elb.send(new ModifyListenerCommand(request)));
      }
      case 'setCertificates':
        return setCertificates(api, listeners.get(action.port) ?? '', action.certificates);
      case 'createRule': {
        const listener = listeners.get(action.port) ?? '';
        const request = createRuleRequest(listener, action.priority, action.rule, tags, targetGroup);
        return send('CreateRule', () => elb.send(new CreateRuleCommand(request)));
      }
      case 'modifyRule': {
        const request = modifyRuleRequest(action.arn, action.rule, targetGroup);
        return send('ModifyRule', () => elb.send(new ModifyRuleCommand(request)));
      }
      case 'deleteRule': {
        const request = new DeleteRuleCommand({ RuleArn: action.arn });
        return ignoring(
          'RuleNotFoundException',
          send('DeleteRule', () => elb.send(request)),
        );
      }
      case 'deleteListener':
        return deleteListener(api, action.arn);
    }
  };
  for (const action of actions) await run(action);
}
