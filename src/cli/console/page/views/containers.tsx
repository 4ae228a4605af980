import type { ContainerStatus, Pod } from '../api/types.ts';
import { type ContainerLine, lastEnd, stateOfContainer } from '../model/container.ts';
import { Age, Badge, Table } from './parts.tsx';

/** What each container does now, and how it ended the last time. */
export function Containers({ pod }: { pod: Pod }) {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const rows = [
    ...(pod.spec?.initContainers ?? []).map((each) => ({ ...each, isInit: true })),
    ...(pod.spec?.containers ?? []).map((each) => ({ ...each, isInit: false })),
  ];
  return (
    <Table label="Containers" columns={['Name', 'State', 'Ready', 'Restarts', 'Last end', 'Image']}>
      {rows.map(({ name, image, isInit }) => {
        const status = statuses.find((each) => each.name === name);
        return (
          <tr key={name}>
            <th scope="row">
              {name}
              {isInit && <span class="hint"> init</span>}
            </th>
            <td>
              <Told line={stateOfContainer(status)} />
            </td>
            <td>{status?.ready ? 'yes' : 'no'}</td>
            <td>{status?.restartCount ?? 0}</td>
            <td>
              <LastEnd status={status} />
            </td>
            <td>
              <code>{image}</code>
            </td>
          </tr>
        );
      })}
    </Table>
  );
}

function LastEnd({ status }: { status?: ContainerStatus }) {
  const end = lastEnd(status);
  return end ? <Told line={end} /> : <span class="hint">never</span>;
}

const Told = ({ line: { tone, word, at, message } }: { line: ContainerLine }) => (
  <>
    <Badge tone={tone}>{word}</Badge>{' '}
    {at && (
      <span class="hint">
        <Age of={at} /> ago
      </span>
    )}
    {message && <p class="message">{message}</p>}
  </>
);
