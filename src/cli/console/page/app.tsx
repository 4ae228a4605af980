import { useEffect, useErrorBoundary, useMemo, useRef, useState } from 'preact/hooks';
import { askJson } from './api/ask.ts';
import type { About, Resource, Status } from './api/types.ts';
import { hrefOf, type Route } from './route.ts';
import { type Scene, SceneContext, useRoute } from './store/hooks.ts';
import { Observer } from './store/observer.ts';
import { Events } from './views/events.tsx';
import { Side, Top } from './views/frame.tsx';
import { Kinds } from './views/kinds.tsx';
import { KindList } from './views/list.tsx';
import { Namespaces } from './views/namespaces.tsx';
import { ObjectPage } from './views/object.tsx';
import { Problem } from './views/parts.tsx';
import { PodPage } from './views/pod.tsx';
import { Usage } from './views/usage.tsx';
import { Workloads } from './views/workloads.tsx';

/** Definitions come and go; the page learns of it a while later. */
const resourcesMs = 30_000;

export function App() {
  const [scene, problem] = useSceneOfServer();
  if (problem) return <Problem status={problem} doing="reach the cluster" />;
  if (!scene) return <p class="waiting">Asking the cluster what it serves…</p>;
  return (
    <SceneContext value={scene}>
      <Frame about={scene.about} />
    </SceneContext>
  );
}

function Frame({ about }: { about: About }) {
  const route = useRoute(about.namespace);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const title = titleOf(route);
  useEffect(() => {
    document.title = `${title} · ${about.context} · shallop console`;
    // So that a screen reader reads on from the new view, as it would on a page of its own.
    if (!first.current) main.current?.querySelector('h1')?.focus();
    first.current = false;
  }, [title, about.context]);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <Top route={route} />
      <Side route={route} />
      <main ref={main} tabIndex={-1} key={hrefOf(route)}>
        <View route={route} />
      </main>
    </>
  );
}

/** One view. What it cannot draw, since an object is not as expected, takes no more than the view away. */
function View({ route }: { route: Route }) {
  const [error] = useErrorBoundary();
  if (error) return <Problem status={{ message: (error as Error).message }} doing="show this" />;
  switch (route.view) {
    case 'namespaces':
      return <Namespaces />;
    case 'workloads':
      return <Workloads namespace={route.namespace} />;
    case 'events':
      return <Events namespace={route.namespace} />;
    case 'usage':
      return <Usage namespace={route.namespace} />;
    case 'kinds':
      return <Kinds namespace={route.namespace} />;
    case 'pod':
      return <PodPage namespace={route.namespace} name={route.name} />;
    case 'list':
      return <KindList {...route} />;
    case 'object':
      return <ObjectPage {...route} />;
  }
}

function titleOf(route: Route): string {
  if (route.view === 'namespaces') return 'Namespaces';
  if (route.view === 'pod') return `Pod ${route.name}`;
  if (route.view === 'object') return `${route.plural} ${route.name}`;
  if (route.view === 'list') return `${route.plural} in ${route.namespace}`;
  return `${route.view} in ${route.namespace}`;
}

/** What all views work with, once the server has told it. */
function useSceneOfServer(): [Scene | undefined, Status | undefined] {
  const observer = useMemo(() => new Observer(), []);
  const [told, tell] = useState<Omit<Scene, 'observer'>>();
  const [problem, complain] = useState<Status>();
  useEffect(() => {
    const learn = () =>
      Promise.all([askJson<About>('about'), askJson<Resource[]>('resources')]).then(
        ([about, resources]) => {
          complain(undefined);
          // The same as before is no change, and draws nothing anew.
          tell((before) =>
            JSON.stringify(before?.resources) === JSON.stringify(resources) ? before : { about, resources },
          );
        },
        (error) => complain((before) => before ?? error.status ?? { message: error.message }),
      );
    void learn();
    const timer = setInterval(learn, resourcesMs);
    return () => clearInterval(timer);
  }, []);
  const scene = useMemo(() => told && { ...told, observer }, [told, observer]);
  return [scene, scene ? undefined : problem];
}
