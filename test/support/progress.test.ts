import { expect, test } from '@jest/globals';
import { progressOf } from '../../tools/emulator/progress.ts';

/** A clock that the test moves; it calls every five seconds of it. */
function told() {
  const lines: string[] = [];
  let now = 0;
  let tick: (() => void) | undefined;
  const progress = progressOf({
    say: (line) => lines.push(line),
    now: () => now,
    every: (_milliseconds, call) => {
      tick = call;
      return {
        stop: () => {
          tick = undefined;
        },
      };
    },
  });
  const wait = (seconds: number) => {
    now += seconds * 1000;
    tick?.();
  };
  return { lines, progress, wait };
}

test('C9: what aws:local does is told with its seconds, and what the CDK says by its count alone', () => {
  const { lines, progress, wait } = told();
  progress.step('deploying');
  wait(5);
  progress.line('Shallop |  12/150 | 3:14:15 PM | CREATE_COMPLETE | AWS::SQS::Queue | Shallop/Queue');
  progress.line('Shallop.ApiUrl = https://nowhere.execute-api.us-east-1.amazonaws.com/k8s');
  wait(5);
  progress.step('opening');
  wait(1);
  progress.end();
  wait(5);
  expect(lines).toEqual([
    'deploying',
    '  … 5 s',
    '  … 10 s, 12 of 150 resources',
    '  done after 10 s, 12 of 150 resources',
    'opening',
    '  done after 1 s',
  ]);
});
