import { FakeVolumes } from '../../src/shared/cloud/fake/volumes.ts';
import { volumesContract } from './volumes.ts';

volumesContract('fake', () => {
  const volumes = new FakeVolumes();
  return { volumes, storageClass: volumes.classes[0]! };
});
