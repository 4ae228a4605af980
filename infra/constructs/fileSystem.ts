import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnFileSystem, CfnMountTarget } from 'aws-cdk-lib/aws-efs';
import { Construct } from 'constructs';
import type { Network } from './network.ts';

const nfs = 2049;

/** A file system for claims, reached from where tasks stand. What is in it outlives the deployment. */
export class FileSystem extends Construct {
  constructor(scope: Construct, id: string, { name, network }: { name: string; network: Network }) {
    super(scope, id);
    const files = new CfnFileSystem(this, 'Files', {
      encrypted: true,
      throughputMode: 'elastic',
      fileSystemTags: [{ key: 'Name', value: `shallop-${name}` }],
    });
    files.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const group = new CfnSecurityGroup(this, 'Mounts', {
      vpcId: network.vpcId,
      groupDescription: `Volumes of shallop ${name}`,
      securityGroupIngress: [
        {
          ipProtocol: 'tcp',
          fromPort: nfs,
          toPort: nfs,
          sourceSecurityGroupId: network.podSecurityGroup.securityGroupId,
          description: 'Pods',
        },
      ],
    });
    // EFS has one mount target in a zone, for all subnets there.
    const zones = network.subnets.map(({ zone }) => zone);
    for (const [i, { id: subnetId, zone }] of network.subnets.entries()) {
      if (zones.indexOf(zone) !== i) continue;
      new CfnMountTarget(this, `Mount${i}`, {
        fileSystemId: files.attrFileSystemId,
        subnetId,
        securityGroups: [group.attrGroupId],
      });
    }
    new CfnOutput(scope, 'FileSystemId', {
      value: files.attrFileSystemId,
      description: 'For the parameter fileSystemId of a StorageClass',
    });
  }
}
