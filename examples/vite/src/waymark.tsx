// What this application adds to the package: a component that loads it and says who is signed in, and a hook that listens.

import { useEffect, useRef } from 'react';
import { group, identify, init, on, type Action, type Told } from 'waymark-widget';
import { useUser } from './session';

/** Loads Waymark and says who is signed in. Stands once, around nothing. */
export function Waymark() {
  const user = useUser();

  useEffect(() => init({ address: import.meta.env.VITE_WAYMARK_ADDRESS, key: import.meta.env.VITE_WAYMARK_KEY }), []);

  useEffect(() => {
    if (!user) return;
    identify(user.id, { email: user.email, plan: user.plan });
    group(user.account.id, { name: user.account.name });
  }, [user]);

  return null;
}

/** Hears of what happens with prompts while the component is there. */
export function usePrompts<A extends Action>(action: A, run: (told: Extract<Told, { action: A }>) => void) {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => on(action, (told) => latest.current(told)), [action]);
}
