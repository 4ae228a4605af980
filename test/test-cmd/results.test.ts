import { expect, test } from '@jest/globals';
import { resultsOf } from '../../tools/test-cmd/results.ts';

const log = `
+++ Running case: test-cmd.record_command_canary 
command not found
+++ exit code: 1
+++ Running case: test-cmd.run_pod_tests 
\x1b[32mcore.sh:1: Successful get pods
\x1b(B\x1b[mSuccessful
message:was not Successful
+++ exit code: 0
between
+++ Running case: test-cmd.run_rs_tests 
\x1b[32mapps.sh:1: Successful get rs
FAIL!
+++ exit code: 1
+++ Running case: test-cmd.run_wait_tests 
`;

test('functions of the suite pass or fail by their exit code, and one that was cut off fails', () => {
  expect(resultsOf(log)).toEqual([
    { name: 'run_pod_tests', passed: true, assertions: 2, tail: [] },
    { name: 'run_rs_tests', passed: false, assertions: 1, tail: ['apps.sh:1: Successful get rs', 'FAIL!'] },
    { name: 'run_wait_tests', passed: false, assertions: 0, tail: [''] },
  ]);
});
