import { Annotations, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  BasePathMapping,
  CfnAccount,
  DomainName,
  EndpointType,
  type IRestApi,
  LambdaIntegration,
  LogGroupLogDestination,
  ResponseTransferMode,
  ResponseType,
  RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayDomain } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { gatewayResponses } from '../../src/aws/front/gatewayResponses.ts';
import type { CustomDomain, Settings } from '../settings.ts';
import { acknowledge } from './acknowledge.ts';
import { accessPolicy, PrivateEndpoint } from './endpoint.ts';
import { logGroup } from './logs.ts';
import type { Network } from './network.ts';

const stage = 'k8s';

/** What is logged of each request: no token, no query. For a failed stream, no other log of the gateway says why. */
const logged = {
  requestId: '$context.requestId',
  ip: '$context.identity.sourceIp',
  requestTime: '$context.requestTime',
  httpMethod: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  protocol: '$context.protocol',
  responseLength: '$context.responseLength',
  responseLatency: '$context.responseLatency',
  errorType: '$context.error.responseType',
  error: '$context.error.message',
  functionStatus: '$context.integrationStatus',
  functionRequestId: '$context.awsEndpointRequestId',
  functionError: '$context.integrationErrorMessage',
};

export interface ApiProps {
  settings: Settings;
  handler: IFunction;
  key: IKey;
  network: Network;
}

/** The endpoint: every path and method goes to one function, whose answers stream. */
export class Api extends Construct {
  readonly rest: RestApi;
  /** With the stage's path: what a kubeconfig names. */
  readonly endpoint: string;
  /** What a record of the domain has to lead to that is made elsewhere. */
  readonly domainTarget: string | undefined;

  constructor(scope: Construct, id: string, { settings, handler, key, network }: ApiProps) {
    super(scope, id);
    const { name, domain } = settings;
    const logs = logGroup(this, 'Logs', { name: `/shallop/${name}/api`, key, days: settings.logDays });
    const inside =
      settings.endpoint === 'private'
        ? new PrivateEndpoint(this, 'Inside', { settings, network }).endpoint
        : undefined;
    const policy = accessPolicy(settings, network, inside);
    this.rest = new RestApi(this, 'Rest', {
      restApiName: `shallop-${name}`,
      description: `The Kubernetes API of shallop ${name}`,
      endpointConfiguration: inside
        ? { types: [EndpointType.PRIVATE], vpcEndpoints: [inside] }
        : { types: [EndpointType.REGIONAL] },
      ...(policy && { policy }),
      // Requests only; streamed answers are never touched.
      binaryMediaTypes: ['*/*'],
      deployOptions: {
        stageName: stage,
        throttlingRateLimit: settings.throttle.rate,
        throttlingBurstLimit: settings.throttle.burst,
        tracingEnabled: settings.tracing,
        accessLogDestination: new LogGroupLogDestination(logs),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(logged)),
      },
      cloudWatchRole: false,
    });
    // It would be a second output with the same address.
    this.rest.node.tryRemoveChild('Endpoint');
    const integration = new LambdaIntegration(handler, {
      responseTransferMode: ResponseTransferMode.STREAM,
      timeout: Duration.minutes(15),
      allowTestInvoke: false,
    });
    this.rest.root.addMethod('ANY', integration);
    this.rest.root.addResource('{proxy+}').addMethod('ANY', integration);
    this.#refusals();
    if (settings.gatewayLogRole) this.#logRole();
    this.endpoint = domain ? `https://${domain.name}` : this.#address(inside);
    if (domain) this.domainTarget = this.#domain(domain);
    else
      Annotations.of(this).addWarningV2(
        'shallop:no-domain',
        'Without -c domain=… programs in Pods cannot reach the API: their client library cannot know of a path.',
      );
    this.#acknowledge();
  }

  /** A private API has its name for each endpoint, which leads there wherever the name is asked for. */
  #address(inside: IVpcEndpoint | undefined): string {
    if (!inside) return this.rest.url.replace(/\/$/, '');
    const { region, urlSuffix } = Stack.of(this);
    return `https://${this.rest.restApiId}-${inside.vpcEndpointId}.execute-api.${region}.${urlSuffix}/${stage}`;
  }

  /** What the gateway refuses by itself, in the words of Kubernetes. */
  #refusals(): void {
    for (const [type, { statusCode, template, headers = {} }] of Object.entries(gatewayResponses))
      this.rest.addGatewayResponse(type, {
        type: ResponseType.of(type),
        ...(statusCode && { statusCode: String(statusCode) }),
        templates: { 'application/json': template },
        responseHeaders: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, `'${value}'`]),
        ),
      });
  }

  /** API Gateway has one role for its logs per account and region. */
  #logRole(): void {
    const role = new Role(this, 'LogRole', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [
        ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs'),
      ],
    });
    acknowledge(role, {
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
        'API Gateway asks for this very policy when the role is set.',
    });
    const account = new CfnAccount(this, 'LogAccount', { cloudWatchRoleArn: role.roleArn });
    account.applyRemovalPolicy(RemovalPolicy.DESTROY);
    this.rest.deploymentStage.node.addDependency(account);
  }

  /** At the root of the domain: client libraries in Pods take a host and a port, no path. */
  #domain({ name, certificateArn, zone }: CustomDomain): string | undefined {
    const domain = new DomainName(this, 'Domain', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    new BasePathMapping(this, 'Root', { domainName: domain, restApi: this.rest as IRestApi });
    if (!zone) return domain.domainNameAliasDomainName;
    new ARecord(this, 'Record', {
      zone: HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId: zone.id, zoneName: zone.name }),
      recordName: `${name}.`,
      target: RecordTarget.fromAlias(new ApiGatewayDomain(domain)),
    });
    return undefined;
  }

  #acknowledge(): void {
    acknowledge(this.rest, {
      'AwsSolutions-APIG2': 'The handler decodes and validates bodies by the schema of their kind.',
      'AwsSolutions-APIG3': 'A web ACL costs by the month; the owner may associate one with the stage.',
      'AwsSolutions-APIG4':
        'The handler authenticates every request and answers in Statuses; an authorizer of the gateway cannot.',
      'AwsSolutions-COG4': 'Callers are IAM principals and service accounts, which the handler verifies.',
      'AwsSolutions-APIG6':
        'Execution logs would hold bodies and tokens; access logs and the audit line of the handler hold neither.',
    });
  }
}
