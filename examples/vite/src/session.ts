// Who is signed in, as this application keeps it. A real one would ask its server.

import { useSyncExternalStore } from 'react';
import { reset, track } from 'waymark-widget';

export interface User {
  readonly id: string;
  readonly email: string;
  readonly plan: string;
  readonly account: { readonly id: string; readonly name: string };
}

const KEY = 'northwind.user';
const listeners = new Set<() => void>();
let user: User | null | undefined;

function read(): User | null {
  try {
    user ??= JSON.parse(localStorage.getItem(KEY) ?? 'null') as User | null;
  } catch {
    user ??= null;
  }
  return user ?? null;
}

function write(next: User | null) {
  user = next;
  try {
    if (next) localStorage.setItem(KEY, JSON.stringify(next));
    else localStorage.removeItem(KEY);
  } catch {
    // Blocked: signed in for as long as this page is open.
  }
  listeners.forEach((changed) => changed());
}

const slug = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '') || 'nameless';

export function signUp(email: string, company: string) {
  write({ id: `u_${slug(email)}`, email, plan: 'free', account: { id: slug(company), name: company } });
  track('Signed Up', { plan: 'free' });
}

export function signOut() {
  write(null);
  // Whoever comes next at this desk is somebody else.
  reset();
}

/** Whoever is signed in; nobody while the server renders. */
export function useUser(): User | null {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    read,
    () => null,
  );
}
