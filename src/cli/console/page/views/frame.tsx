import { known, pathOf } from '../api/paths.ts';
import type { Thing } from '../api/types.ts';
import { everywhere, hrefOf, inNamespace, type Route } from '../route.ts';
import { useObjects, useScene } from '../store/hooks.ts';

/** The bar above everything: where one is, in which namespace, and what one may do. */
export function Top({ route }: { route: Route }) {
  const { about } = useScene();
  return (
    <header class="top">
      <a class="brand" href={hrefOf({ view: 'workloads', namespace: about.namespace })}>
        <img src="icon.svg" alt="" width="28" height="28" />
        <span>
          shallop <b>console</b>
        </span>
      </a>
      <p class="where" title={about.server}>
        <span class="label">Context</span> <b>{about.context}</b> <span class="server">{about.server}</span>
      </p>
      <NamespaceChoice route={route} />
      <span class={`rights ${about.isWritable ? 'write' : 'read'}`}>
        {about.isWritable ? 'Can change things' : 'Read only'}
      </span>
    </header>
  );
}

function NamespaceChoice({ route }: { route: Route }) {
  const { about } = useScene();
  const { items, problem } = useObjects<Thing>(pathOf(known.namespaces, undefined));
  const chosen = route.view === 'namespaces' ? about.namespace : route.namespace;
  const go = (namespace: string) => {
    location.hash = hrefOf(inNamespace(route, namespace));
  };
  const names = [...new Set([...items.map(({ metadata }) => metadata.name!), about.namespace, chosen])]
    .filter((name) => name !== everywhere)
    .sort();
  return (
    <div class="namespace">
      <label class="label" for="namespace">
        Namespace
      </label>
      {problem && items.length === 0 ? (
        // Who may not list them may know one all the same.
        <input
          id="namespace"
          key={chosen}
          defaultValue={chosen}
          onChange={({ currentTarget }) => go(currentTarget.value || chosen)}
        />
      ) : (
        <select id="namespace" value={chosen} onChange={({ currentTarget }) => go(currentTarget.value)}>
          <option value={everywhere}>All namespaces</option>
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

const views = [
  {
    view: 'workloads',
    title: 'Workloads',
    icon: 'M3 4h5v4H3zM12 3h5v3h-5zM12 9h5v3h-5zM12 15h5v3h-5zM8 6h4M10 6v10.500h2M10 10.500h2',
  },
  { view: 'events', title: 'Events', icon: 'M3 5h14M3 10h14M3 15h9' },
  { view: 'usage', title: 'Usage', icon: 'M4 17V9M10 17V3M16 17v-6' },
  { view: 'kinds', title: 'All kinds', icon: 'M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM11 11h6v6h-6z' },
] as const;

/** The views, beside everything. */
export function Side({ route }: { route: Route }) {
  const { about } = useScene();
  const namespace = route.view === 'namespaces' ? about.namespace : route.namespace;
  const isIn = (view: string) =>
    route.view === view ||
    (view === 'workloads' && route.view === 'pod') ||
    (view === 'kinds' && (route.view === 'list' || route.view === 'object'));
  return (
    <nav class="side" aria-label="Views">
      <ul>
        {views.map(({ view, title, icon }) => (
          <li key={view}>
            <a href={hrefOf({ view, namespace })} aria-current={isIn(view) ? 'page' : undefined}>
              <Icon path={icon} />
              {title}
            </a>
          </li>
        ))}
        <li>
          <a
            href={hrefOf({ view: 'namespaces' })}
            aria-current={route.view === 'namespaces' ? 'page' : undefined}
          >
            <Icon path="M3 6h14v11H3zM3 6l2-3h5l2 3" />
            Namespaces
          </a>
        </li>
      </ul>
    </nav>
  );
}

const Icon = ({ path }: { path: string }) => (
  <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
    <path d={path} />
  </svg>
);
