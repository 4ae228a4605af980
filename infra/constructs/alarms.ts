import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** Alarms of a deployment, which notify the topic that it was given, if any. */
export class Alarms {
  readonly #topic: ITopic | undefined;

  constructor(scope: Construct, topicArn: string | undefined) {
    this.#topic = topicArn ? Topic.fromTopicArn(scope, 'AlarmTopic', topicArn) : undefined;
  }

  /** Rings while the metric is at the threshold or above. */
  on(
    scope: Construct,
    id: string,
    {
      metric,
      threshold,
      says,
      periods = 1,
    }: { metric: IMetric; threshold: number; says: string; periods?: number },
  ): void {
    const alarm = new Alarm(scope, id, {
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: says,
    });
    if (this.#topic) alarm.addAlarmAction(new SnsAction(this.#topic));
  }
}
