import { arnIn } from '../arns.ts';
import type { Permission } from '../permission.ts';
import { madeHere, makingHere, ownRoleOf, type Parts, tagging } from './parts.ts';

/** Services and Ingresses as load balancers with security groups, and the names of Services. */
export const balanceLoad = (parts: Parts): Permission[] => [
  ...removeBalancers(parts),
  {
    actions: ['elasticloadbalancing:DescribeRules', 'elasticloadbalancing:DescribeListenerCertificates'],
    resources: ['*'],
    why: 'Actions that describe know no resource.',
  },
  {
    // ELB asks EC2 for these in its caller's name, as it makes load balancers and target groups and registers targets.
    actions: [
      'ec2:DescribeAccountAttributes',
      'ec2:DescribeAddresses',
      'ec2:DescribeInstances',
      'ec2:DescribeInternetGateways',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
      'ec2:GetSecurityGroupsForVpc',
    ],
    resources: ['*'],
    why: 'Actions that describe know no resource; the last one is about whatever VPC and groups ELB looks at.',
  },
  {
    actions: ['acm:ListCertificates'],
    resources: ['*'],
    why: 'The action lists the certificates of the account; it knows no resource.',
  },
  {
    actions: ['acm:DescribeCertificate'],
    resources: [arnIn(parts.scope, 'acm', 'certificate/*')],
    why: 'Certificates for the hosts of Ingresses are found among those of the account.',
  },
  ownRoleOf(parts, 'elasticloadbalancing', 'ElasticLoadBalancing'),
  {
    actions: [
      'elasticloadbalancing:CreateLoadBalancer',
      'elasticloadbalancing:CreateTargetGroup',
      'elasticloadbalancing:CreateListener',
      'elasticloadbalancing:CreateRule',
    ],
    resources: balancersOf(parts),
    conditions: makingHere(parts),
    why: 'Ids come from the service; only what is tagged as of this deployment as it is made.',
  },
  {
    actions: ['elasticloadbalancing:AddTags'],
    resources: balancersOf(parts),
    conditions: tagging(parts, 'elasticloadbalancing', [
      'CreateLoadBalancer',
      'CreateTargetGroup',
      'CreateListener',
      'CreateRule',
    ]),
    why: 'Ids come from the service; only as something is made, so that nothing that stands there becomes ours.',
  },
  {
    actions: [
      'elasticloadbalancing:ModifyLoadBalancerAttributes',
      'elasticloadbalancing:ModifyTargetGroup',
      'elasticloadbalancing:ModifyTargetGroupAttributes',
      'elasticloadbalancing:ModifyListener',
      'elasticloadbalancing:ModifyRule',
      'elasticloadbalancing:DeleteRule',
      'elasticloadbalancing:AddListenerCertificates',
      'elasticloadbalancing:RemoveListenerCertificates',
      'elasticloadbalancing:SetSecurityGroups',
      'elasticloadbalancing:SetSubnets',
      'elasticloadbalancing:RegisterTargets',
      'elasticloadbalancing:DeregisterTargets',
      'elasticloadbalancing:AddTags',
    ],
    resources: balancersOf(parts),
    conditions: madeHere(parts),
    why: 'Ids come from the service; only what is tagged as of this deployment.',
  },
  {
    actions: ['ec2:CreateSecurityGroup'],
    resources: [arnIn(parts.scope, 'ec2', `vpc/${parts.network.vpcId}`)],
  },
  {
    actions: ['ec2:CreateSecurityGroup'],
    resources: [securityGroupsOf(parts)],
    conditions: makingHere(parts),
    why: 'Ids come from the service; only groups that are tagged as of this deployment as they are made.',
  },
  {
    actions: ['ec2:CreateTags'],
    resources: [securityGroupsOf(parts)],
    conditions: tagging(parts, 'ec2', ['CreateSecurityGroup']),
    why: 'Ids come from the service; only as a group is made, so that none that stands there becomes ours.',
  },
  {
    actions: ['ec2:AuthorizeSecurityGroupIngress'],
    resources: [securityGroupsOf(parts)],
    conditions: madeHere(parts),
    why: 'Ids come from the service; only groups that are tagged as of this deployment.',
  },
];

/** Whether rules lead to Pods, and when requests came last. */
export const countRequests = (): Permission[] => [
  {
    actions: [
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeRules',
      'elasticloadbalancing:DescribeTags',
      'elasticloadbalancing:DescribeTargetGroups',
    ],
    resources: ['*'],
    why: 'Actions that describe know no resource.',
  },
  {
    actions: ['cloudwatch:GetMetricData'],
    resources: ['*'],
    why: 'Metrics have no ARN.',
  },
];

/** Taking away what was made for Services. */
export const removeBalancers = (parts: Parts): Permission[] => [
  {
    actions: [
      'elasticloadbalancing:DescribeLoadBalancers',
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetHealth',
      'elasticloadbalancing:DescribeTags',
      'ec2:DescribeSecurityGroups',
    ],
    resources: ['*'],
    why: 'Actions that describe know no resource.',
  },
  {
    actions: [
      'elasticloadbalancing:DeleteLoadBalancer',
      'elasticloadbalancing:DeleteTargetGroup',
      'elasticloadbalancing:DeleteListener',
    ],
    resources: balancersOf(parts),
    conditions: madeHere(parts),
    why: 'Ids come from the service; only what is tagged as of this deployment.',
  },
  {
    actions: ['ec2:RevokeSecurityGroupIngress', 'ec2:DeleteSecurityGroup'],
    resources: [securityGroupsOf(parts)],
    conditions: madeHere(parts),
    why: 'Ids come from the service; only groups that are tagged as of this deployment.',
  },
  {
    actions: ['route53:ChangeResourceRecordSets', 'route53:ListResourceRecordSets'],
    resources: [parts.network.zone.hostedZoneArn],
  },
];

const securityGroupsOf = ({ scope }: Parts) => arnIn(scope, 'ec2', 'security-group/*');
const balancersOf = ({ scope }: Parts) =>
  [
    'loadbalancer/net/*',
    'loadbalancer/app/*',
    'targetgroup/*',
    'listener/net/*',
    'listener/app/*',
    'listener-rule/app/*',
  ].map((resource) => arnIn(scope, 'elasticloadbalancing', resource));
