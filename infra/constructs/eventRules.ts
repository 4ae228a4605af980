import { Duration, SecretValue } from 'aws-cdk-lib';
import {
  ApiDestination,
  Authorization,
  Connection,
  type EventBus,
  type IRuleTarget,
  Rule,
  RuleTargetInput,
} from 'aws-cdk-lib/aws-events';
import { type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { queueNames, wrongFrom } from '../../src/aws/watched/index.ts';
import type { EventRule } from '../../src/shared/events/rules.ts';
import type { AwsTarget, Webhook } from '../../src/shared/events/targets.ts';
import type { Alarms } from './alarms.ts';
import { deadLetterQueue } from './queue.ts';

export interface EventRulesProps {
  /** Name of the deployment. */
  name: string;
  bus: EventBus;
  rules: readonly EventRule[];
  alarms: Alarms;
}

/** EventBridge takes no more, and makes as many when nothing is said. */
const mostAttempts = 185;

/** The rules of a file as EventBridge has them. What a target did not take in time waits in one queue of dead letters. */
export class EventRules extends Construct {
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { name, bus, rules, alarms }: EventRulesProps) {
    super(scope, id);
    this.deadLetters = deadLetterQueue(this, 'DeadLetters', queueNames.eventDeadLetters(name));
    alarms.on(this, 'NotTaken', {
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      threshold: wrongFrom.setAside,
      says: `${queueNames.eventDeadLetters(name)} holds events that a target of a rule did not take in time.`,
      section: 'events-were-not-taken',
    });
    for (const rule of rules) {
      const { source, 'detail-type': detailType, detail } = rule.pattern.source as PatternOfFile;
      const made = new Rule(this, `Rule-${rule.name}`, {
        eventBus: bus,
        description: `${rule.name}, of the rule file of shallop-${name}`,
        eventPattern: {
          ...(source && { source }),
          ...(detailType && { detailType }),
          ...(detail && { detail }),
        },
      });
      for (const { name: target, webhook, aws } of rule.targets) {
        const path = `${rule.name}-${target}`;
        made.addTarget(this.#retried(rule, webhook ? this.#webhook(path, webhook) : this.#given(path, aws!)));
      }
      this.#mayBury(made);
    }
  }

  /** An API destination with its connection. The body is the CloudEvent, as a machine sends it. */
  #webhook(path: string, { url, apiKey }: Webhook): Place {
    const { header, secretArn } = apiKey!;
    const connection = new Connection(this, `Connection-${path}`, {
      authorization: Authorization.apiKey(header, SecretValue.secretsManager(secretArn)),
    });
    const { apiDestinationArn: arn } = new ApiDestination(this, `Destination-${path}`, {
      connection,
      endpoint: url,
    });
    const role = new Role(this, `Role-${path}`, {
      assumedBy: new ServicePrincipal('events.amazonaws.com'),
      inlinePolicies: {
        Invoke: new PolicyDocument({
          statements: [new PolicyStatement({ actions: ['events:InvokeApiDestination'], resources: [arn] })],
        }),
      },
    });
    return { arn, role, input: RuleTargetInput.fromEventPath('$.detail') };
  }

  /** A target that is there: whoever owns it has allowed EventBridge to use it, or names a role that may. */
  #given(path: string, { arn, roleArn }: AwsTarget): Place {
    return {
      arn,
      ...(roleArn && { role: Role.fromRoleArn(this, `Role-${path}`, roleArn, { mutable: false }) }),
    };
  }

  #retried({ maximumEventAgeInSeconds }: EventRule, place: Place): IRuleTarget {
    return {
      bind: () => ({
        ...place,
        deadLetterConfig: { arn: this.deadLetters.queueArn },
        retryPolicy: { maximumEventAgeInSeconds, maximumRetryAttempts: mostAttempts },
      }),
    };
  }

  #mayBury(rule: Rule): void {
    this.deadLetters.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.deadLetters.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
      }),
    );
  }
}

/** A pattern that has been read: its fields are lists, and `detail` is nested. */
interface PatternOfFile {
  source?: string[];
  'detail-type'?: string[];
  detail?: Record<string, unknown>;
}

interface Place {
  arn: string;
  role?: IRole;
  input?: RuleTargetInput;
}
