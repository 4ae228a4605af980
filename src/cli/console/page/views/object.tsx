import { useEffect, useState } from 'preact/hooks';
import { askYaml } from '../api/ask.ts';
import { pathOf } from '../api/paths.ts';
import type { Status } from '../api/types.ts';
import { hrefOf } from '../route.ts';
import { useScene } from '../store/hooks.ts';
import { Editor } from './editor.tsx';
import { EventTable } from './events.tsx';
import { Empty, Heading, Problem } from './parts.tsx';

interface Place {
  namespace: string;
  group: string;
  version: string;
  plural: string;
  name: string;
}

/** Any object as YAML, what happened to it, and with the right to it a way to change it. */
export function ObjectPage({ namespace, group, version, plural, name }: Place) {
  const { resources, about } = useScene();
  const resource = resources.find(
    (each) => each.group === group && each.version === version && each.plural === plural,
  );
  const path = resource && pathOf(resource, namespace, name);
  const { yaml, problem, again } = useYaml(path);
  if (!resource || !path)
    return (
      <>
        <Heading>{name}</Heading>
        <Empty>The server does not serve {plural}.</Empty>
      </>
    );
  const isSecret = resource.kind === 'Secret';
  const list = hrefOf({ view: 'list', namespace, group, version, plural });
  return (
    <>
      <Heading note={<a href={list}>All of this kind</a>}>
        <span class="kind">{resource.kind}</span> {name}
      </Heading>
      {problem && <Problem status={problem} doing="read it" />}
      {isSecret && (
        <p class="note">What a Secret holds is not sent to this page, so it cannot be changed here either.</p>
      )}
      {yaml !== undefined && (
        <Editor
          key={yaml}
          path={path}
          yaml={yaml}
          isWritable={about.isWritable && !isSecret}
          changed={again}
        />
      )}
      {resource.namespaced && (
        <>
          <h2>Events</h2>
          <EventTable
            namespace={namespace}
            selector={`involvedObject.kind=${resource.kind},involvedObject.name=${name}`}
          />
        </>
      )}
    </>
  );
}

function useYaml(path: string | undefined): { yaml?: string; problem?: Status; again(): void } {
  const [round, next] = useState(0);
  const [answer, put] = useState<{ yaml?: string; problem?: Status }>({});
  useEffect(() => {
    if (path === undefined) return;
    const ending = new AbortController();
    askYaml(path, ending.signal).then(
      (yaml) => put({ yaml }),
      (error) => ending.signal.aborted || put({ problem: error.status ?? { message: error.message } }),
    );
    return () => ending.abort();
  }, [path, round]);
  return { ...answer, again: () => next(round + 1) };
}
