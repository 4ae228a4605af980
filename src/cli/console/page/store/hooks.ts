import { createContext } from 'preact';
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { askJson } from '../api/ask.ts';
import type { About, Resource, Status, Thing } from '../api/types.ts';
import { type Route, routeOf } from '../route.ts';
import type { Observer } from './observer.ts';

/** Is what every view may ask for. */
export interface Scene {
  about: About;
  resources: readonly Resource[];
  observer: Observer;
}

export const SceneContext = createContext<Scene | undefined>(undefined);

export const useScene = (): Scene => useContext(SceneContext)!;

/** Describes a list as a view has it. */
export interface Objects<T> {
  items: readonly T[];
  problem?: Status;
  isLoaded: boolean;
}

/** The objects of a list, as they are at any time. */
export function useObjects<T extends Thing>(path: string): Objects<T> {
  const { observer } = useScene();
  const [, redraw] = useState({});
  useEffect(() => {
    const end = observer.look(path);
    let seen = observer.listed(path);
    redraw({});
    const deaf = observer.onChange(() => {
      if (observer.listed(path) === seen) return;
      seen = observer.listed(path);
      redraw({});
    });
    return () => {
      deaf();
      end();
    };
  }, [observer, path]);
  const { objects, problem, isLoaded } = observer.listed(path);
  const items = useMemo(() => [...objects.values()].sort(byName) as unknown as T[], [objects]);
  return { items, problem, isLoaded };
}

const byName = (a: Thing, b: Thing) =>
  `${a.metadata.namespace}/${a.metadata.name}` < `${b.metadata.namespace}/${b.metadata.name}` ? -1 : 1;

/** The time, each second: ages grow without an event. */
export function useNow(): number {
  const [now, tick] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => tick(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export function useRoute(namespace: string): Route {
  const [hash, follow] = useState(location.hash);
  useEffect(() => {
    const hear = () => follow(location.hash);
    addEventListener('hashchange', hear);
    return () => removeEventListener('hashchange', hear);
  }, []);
  return useMemo(() => routeOf(hash, namespace), [hash, namespace]);
}

/** An answer that is asked for again and again. */
export function usePolled<T>(path: string | undefined, everyMs: number): { value?: T; problem?: Status } {
  const [answer, put] = useState<{ value?: T; problem?: Status }>({});
  useEffect(() => {
    if (path === undefined) return;
    const ending = new AbortController();
    const { signal } = ending;
    const once = () =>
      askJson<T>(path, signal).then(
        (value) => put({ value }),
        (error) => signal.aborted || put({ problem: error.status ?? { message: error.message } }),
      );
    void once();
    const timer = setInterval(once, everyMs);
    return () => {
      clearInterval(timer);
      ending.abort();
    };
  }, [path, everyMs]);
  return answer;
}
