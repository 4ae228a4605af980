import type { Experiment } from '../experiment.ts';

const accepts = [
  'application/json',
  'application/vnd.kubernetes.protobuf',
  'application/yaml',
  '*/*',
  'text/html',
];

/** What the gateway refuses by itself, in each form that clients ask for. */
export const refusals: Experiment = {
  name: 'refusals',
  question: 'Is a refusal of the gateway itself a Status for every `Accept`?',
  emulatorLacks: 'refuses nothing by itself',
  run: async ({ endpoint }) => {
    const wrong: string[] = [];
    for (const accept of accepts) {
      // The gateway takes ten megabytes, and refuses this before any function sees it.
      const response = await fetch(`${endpoint}/api/v1/namespaces`, {
        method: 'POST',
        headers: { accept, 'content-type': 'application/json' },
        body: new Uint8Array(11 * 1024 * 1024),
      });
      const text = await response.text();
      if (response.status !== 413 || !/"kind":\s*"Status"/.test(text))
        wrong.push(`${accept}: ${response.status} ${text.slice(0, 100)}`);
    }
    if (!wrong.length) return { judgement: 'holds', says: `413 with a Status for ${accepts.length} of them` };
    return { judgement: 'differs', says: wrong.join('; ') };
  },
};
