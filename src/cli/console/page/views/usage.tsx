import { cpuText, memoryText, sumOf } from '../../../amounts.ts';
import { pathOf } from '../api/paths.ts';
import type { Thing } from '../api/types.ts';
import { everywhere, hrefOf } from '../route.ts';
import { usePolled, useScene } from '../store/hooks.ts';
import { Empty, Heading, Problem, Table } from './parts.tsx';

interface Usages {
  items: (Thing & { containers?: { usage: Amounts }[]; usage?: Amounts })[];
}
type Amounts = { cpu?: string; memory?: string };

const everyMs = 10_000;

/** What Pods and Nodes use, by metrics.k8s.io. */
export function Usage({ namespace }: { namespace: string }) {
  const { resources } = useScene();
  const served = resources.filter(({ group }) => group === 'metrics.k8s.io');
  const pods = served.find(({ plural }) => plural === 'pods');
  const nodes = served.find(({ plural }) => plural === 'nodes');
  return (
    <>
      <Heading>Usage</Heading>
      {!pods && (
        <Empty>
          This cluster serves no <code>metrics.k8s.io</code>, so what Pods use is not known.
        </Empty>
      )}
      {nodes && <Amounts title="Nodes" path={pathOf(nodes, undefined)} />}
      {pods && <Amounts title="Pods" path={pathOf(pods, namespace === everywhere ? undefined : namespace)} />}
    </>
  );
}

function Amounts({ title, path }: { title: string; path: string }) {
  const { value, problem } = usePolled<Usages>(path, everyMs);
  const rows = (value?.items ?? []).map(({ metadata, containers, usage }) => {
    const all = containers?.map((each) => each.usage) ?? (usage ? [usage] : []);
    return {
      metadata,
      cpu: sumOf(all.map(({ cpu }) => cpu)),
      memory: sumOf(all.map(({ memory }) => memory)),
    };
  });
  const most = {
    cpu: Math.max(1, ...rows.map(({ cpu }) => Number(cpu))),
    memory: Math.max(1, ...rows.map(({ memory }) => Number(memory))),
  };
  return (
    <section>
      <h2>{title}</h2>
      {problem && <Problem status={problem} doing={`read what ${title} use`} />}
      {value && rows.length === 0 && <Empty>Nothing has been measured yet.</Empty>}
      {rows.length > 0 && (
        <Table label={title} columns={['Name', 'CPU', 'Memory']}>
          {rows.map(({ metadata, cpu, memory }) => (
            <tr key={`${metadata.namespace}/${metadata.name}`}>
              <th scope="row">
                {metadata.namespace ? (
                  <a href={hrefOf({ view: 'pod', namespace: metadata.namespace, name: metadata.name! })}>
                    {metadata.name}
                  </a>
                ) : (
                  metadata.name
                )}
              </th>
              <Bar text={cpuText(cpu)} part={Number(cpu) / most.cpu} />
              <Bar text={memoryText(memory)} part={Number(memory) / most.memory} />
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

/** The bar compares with the largest of the table; the number beside it is what counts. */
const Bar = ({ text, part }: { text: string; part: number }) => (
  <td class="amount">
    <span>{text}</span>
    <svg class="bar" aria-hidden="true" viewBox="0 0 100 6" preserveAspectRatio="none">
      <rect class="whole" width="100" height="6" />
      <rect width={Math.max(1, part * 100)} height="6" />
    </svg>
  </td>
);
