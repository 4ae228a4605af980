import { Fragment } from 'preact';
import type { Resource } from '../api/types.ts';
import { hrefOf } from '../route.ts';
import { useScene } from '../store/hooks.ts';
import { Heading } from './parts.tsx';

/** Everything that the server serves and that can be listed, by group. */
export function Kinds({ namespace }: { namespace: string }) {
  const { resources } = useScene();
  const groups = [...Map.groupBy(preferred(resources), ({ group }) => group)].sort(byGroup);
  return (
    <>
      <Heading note={<span class="hint">Those marked “cluster” belong to no namespace.</span>}>
        All kinds
      </Heading>
      <div class="kinds">
        {groups.map(([group, listed]) => (
          <section key={group} aria-labelledby={`group-${group}`}>
            <h2 id={`group-${group}`}>{group || 'core'}</h2>
            <ul>
              {listed.map(({ version, plural, kind, namespaced }) => (
                <li key={plural}>
                  <a href={hrefOf({ view: 'list', namespace, group, version, plural })}>
                    <Breakable name={kind} />
                  </a>
                  {!namespaced && <span class="tag">cluster</span>}
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}

/** A long name breaks between its words. */
const Breakable = ({ name }: { name: string }) => (
  <>
    {name.split(/(?=[A-Z][a-z])/).map((word, at) => (
      <Fragment key={`${at} ${word}`}>
        {at > 0 && <wbr />}
        {word}
      </Fragment>
    ))}
  </>
);

/** What everybody works with comes first. */
const first = ['', 'apps', 'batch'];
const rank = (group: string) => (first.includes(group) ? first.indexOf(group) : first.length);
const byGroup = ([a]: [string, unknown], [b]: [string, unknown]) => rank(a) - rank(b) || (a < b ? -1 : 1);

/** Each resource once, in the version that the server names first. */
function preferred(resources: readonly Resource[]): Resource[] {
  const seen = new Set<string>();
  return resources
    .filter(({ verbs }) => verbs.includes('list'))
    .filter(({ group, plural }) => {
      const key = `${group}/${plural}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => (a.kind < b.kind ? -1 : 1));
}
