import { freePort } from '../../freePort.ts';
import type { Experiment } from '../experiment.ts';
import { eventually, podOf } from '../site.ts';

/** `kubectl exec`, exit codes, long commands and `port-forward` through `shallop proxy`. */
export const execForward: Experiment = {
  name: 'exec-and-forward',
  question: 'Do exec (with its exit code and a long command) and port-forward work through `shallop proxy`?',
  emulatorLacks: 'has no sessions of ECS Exec',
  run: async ({ kubectl, kubectlPath, image, run, kubeconfig, proxy }) => {
    const serving =
      'while true; do printf "HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\nok\\n" | nc -l -p 8080; done';
    await kubectl(['apply', '-f', '-'], podOf('door', image, serving));
    await kubectl(['wait', '--for=condition=Ready', 'pod/door', '--timeout=180s']);
    const opened = await proxy();
    const through = (...args: string[]) =>
      run(kubectlPath, ['--kubeconfig', kubeconfig, '--server', opened.url, ...args], { timeoutMs: 60_000 });
    try {
      const said = await through('exec', 'door', '--', 'echo', 'hello');
      const code = await through('exec', 'door', '--', 'sh', '-c', 'exit 7');
      const lengths: number[] = [];
      for (const length of [800, 2_000, 4_000]) {
        const { output } = await through('exec', 'door', '--', 'echo', 'x'.repeat(length));
        if (output.includes('x'.repeat(length))) lengths.push(length);
      }
      const port = await freePort();
      const forwarding = through('port-forward', 'pod/door', `${port}:8080`);
      const asking = () =>
        fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5_000) }).then(
          ({ ok }) => ok,
          () => false,
        );
      const forwarded = await eventually('an answer', asking, 40_000).then(
        () => true,
        () => false,
      );
      await forwarding;
      const good = [said.output.includes('hello'), code.exitCode === 7, forwarded];
      const says = `output ${good[0] ? 'comes' : `lost: ${said.output.slice(-200)}`}; exit code 7 is ${code.exitCode}; commands of up to ${Math.max(0, ...lengths)} characters; port-forward ${good[2] ? 'answers' : 'does not answer'}`;
      return { judgement: good.every(Boolean) ? 'holds' : 'differs', says };
    } finally {
      opened.close();
      await kubectl(['delete', 'pod', 'door', '--wait=false']);
    }
  },
};
