import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** The page that says what to do about each alarm, in a section of its own. */
export const alarmPage = 'docs/aws-alarms.md';

export interface AlarmOptions {
  metric: IMetric;
  threshold: number;
  /** What it means, as a sentence. */
  says: string;
  /** The section of the page about it, as its heading is in an address. */
  section: string;
  periods?: number;
}

/** Alarms of a deployment, which notify the topic that it was given, if any. */
export class Alarms {
  readonly #topic: ITopic | undefined;
  readonly all: Alarm[] = [];

  constructor(scope: Construct, topicArn: string | undefined) {
    this.#topic = topicArn ? Topic.fromTopicArn(scope, 'AlarmTopic', topicArn) : undefined;
  }

  /** Whether somebody is told: alarms that only repeat what an owner would see elsewhere are for those. */
  get areHeard(): boolean {
    return this.#topic !== undefined;
  }

  /** Rings while the metric is at the threshold or above. */
  on(scope: Construct, id: string, { metric, threshold, says, section, periods = 1 }: AlarmOptions): void {
    const alarm = new Alarm(scope, id, {
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${says} What to do: ${alarmPage}#${section}`,
    });
    if (this.#topic) alarm.addAlarmAction(new SnsAction(this.#topic));
    this.all.push(alarm);
  }
}
