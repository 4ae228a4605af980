import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  type ITable,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { RestoredTable } from '../settings/restored.ts';
import { arnIn } from './arns.ts';

/** Objects and the log of their changes, and the key for them, for Secrets and for logs. */
export class Data extends Construct {
  readonly table: ITable;
  readonly key: IKey;

  constructor(scope: Construct, id: string, name: string, restored?: RestoredTable) {
    super(scope, id);
    const { keyArn } = restored ?? {};
    this.key = keyArn ? Key.fromKeyArn(this, 'KeyOfBefore', keyArn) : this.#newKey(name);
    // It stays where it is while a restored one is used: there is a way back, and nothing is lost by a slip.
    const own = this.#newTable(name);
    this.table = restored
      ? Table.fromTableAttributes(this, 'Restored', {
          tableName: restored.name,
          tableStreamArn: restored.streamArn,
        })
      : own;
  }

  #newKey(name: string): Key {
    const key = new Key(this, 'Key', {
      description: `Objects, Secrets and logs of shallop ${name}`,
      alias: `alias/shallop-${name}`,
      enableKeyRotation: true,
      // DynamoDB keeps a backup of a deleted table for 35 days, which is worth nothing without the key.
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const logGroups = arnIn(this, 'logs', 'log-group:*');
    key.addToResourcePolicy(
      new PolicyStatement({
        // CloudWatch Logs is a principal of its region, and asks for these.
        principals: [new ServicePrincipal(`logs.${Stack.of(this).region}.amazonaws.com`)],
        actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
        resources: ['*'],
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
      }),
    );
    return key;
  }

  #newTable(name: string): Table {
    // A plain Table, not TableV2: one region, and what emulators know best.
    return new Table(this, 'Objects', {
      tableName: `shallop-${name}`,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      timeToLiveAttribute: 'expires',
      // A change is a new log entry, so its new image is all there is to it.
      stream: StreamViewType.NEW_IMAGE,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // `npm run destroy` takes it away, once it has been told the name of the deployment.
      deletionProtection: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
