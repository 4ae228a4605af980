import { arnIn } from '../arns.ts';
import type { Permission } from '../permission.ts';
import { madeHere, makingHere, type Parts, tagging } from './parts.ts';

/** Claims as access points of EFS. */
export const makeVolumes = (parts: Parts): Permission[] => [
  ...removeVolumes(parts),
  {
    actions: ['elasticfilesystem:CreateAccessPoint'],
    resources: [fileSystemsOf(parts), accessPointsOf(parts)],
    conditions: makingHere(parts),
    why: 'StorageClasses name the file systems; only access points that are tagged as of this deployment as they are made.',
  },
  {
    actions: ['elasticfilesystem:TagResource'],
    resources: [fileSystemsOf(parts), accessPointsOf(parts)],
    conditions: tagging(parts, 'elasticfilesystem', ['CreateAccessPoint']),
    why: 'StorageClasses name the file systems; only as an access point is made, so that none that stands there becomes ours.',
  },
];

/** Taking away what was made for claims. */
export const removeVolumes = (parts: Parts): Permission[] => [
  {
    actions: ['elasticfilesystem:DeleteAccessPoint'],
    resources: [accessPointsOf(parts)],
    conditions: madeHere(parts),
    why: 'Ids come from the service; only what is tagged as of this deployment.',
  },
  {
    actions: ['elasticfilesystem:DescribeAccessPoints'],
    resources: ['*'],
    why: 'Access points are found by their tags, on whatever file system they are.',
  },
];

const fileSystemsOf = ({ scope }: Parts) => arnIn(scope, 'elasticfilesystem', 'file-system/*');
const accessPointsOf = ({ scope }: Parts) => arnIn(scope, 'elasticfilesystem', 'access-point/*');
