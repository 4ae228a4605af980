import type { LocalConfig } from './config.ts';

/** Where the context went, and how to switch to it where another one is current: `up` never switches by itself. */
export function contextLines({ context, kubeconfig }: LocalConfig, current: string): string[] {
  const added = `kubeconfig    context ${context} in ${kubeconfig}`;
  if (current === context) return [added];
  return [
    added,
    `              the current context is still ${current}; kubectl config use-context ${context} changes it`,
  ];
}

/** What somebody who sees it start for the first time would do next. */
export function nextCommands({ context, runtime }: LocalConfig, current: string): string[] {
  const options = current === context ? '' : ` --context ${context}`;
  return [
    ...(runtime === 'process' ? ['shallop image add my-app:latest FOLDER'] : []),
    `kubectl${options} apply -f FILE`,
    `kubectl${options} get pods --watch`,
    ...(runtime === 'process' ? [] : [`kubectl${options} get events`]),
  ];
}
