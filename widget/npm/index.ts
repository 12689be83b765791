/**
 * Waymark for pages that a bundler makes. It puts the queue in place, loads Waymark once from your own collector, and gives what a page
 * says and hears its types.
 *
 * It decides nothing and keeps nothing: what a page says goes to the same `waymark(...)` that a snippet brings. The one thing to know:
 * where there is no page, as while a server renders one, every function does nothing. None throws.
 */

/** What is known of a person or an account. */
export type Traits = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** What is said of an event. Whatever JSON can hold. */
export type Props = Readonly<Record<string, unknown>>;

/**
 * What the visitor has agreed to. `null`: they have not been asked yet, so nothing is kept, but nothing that is there is removed either, as
 * it is by `false`. What is not said stays as it was; at first all of it is taken as agreed to.
 */
export interface Consent {
  /** Keeping their ids and what was shown in the browser. */
  readonly store?: boolean | null;
  /** Going by what is known of them: history, campaigns, traits. */
  readonly profile?: boolean | null;
  /** Being asked questions. */
  readonly answer?: boolean | null;
}

/** Where Waymark comes from, as the console says it under Settings, Install. */
export interface Options {
  /** The address of your collector: `https://ask.example.com`. */
  readonly address: string;
  /** The site's public key. It begins with `wk_`. */
  readonly key: string;
  /** The path below which your collector serves pages, where that is not `/w`: its setting `public_path`. */
  readonly path?: string;
  /** The nonce of the page's policy, where that wants one on each script. */
  readonly nonce?: string;
}

/** What all that happens with a prompt says. */
interface Did<Action extends string, Said extends object = object> {
  readonly type: 'prompt';
  readonly action: Action;
  /** The prompt's key. */
  readonly prompt: string;
  /** The log's own name for it, such as `NPS Answered`, where the action does not say it all. */
  readonly name?: string;
  /** The event's id. */
  readonly id: string;
  /** When it happened, in milliseconds by the browser's clock. */
  readonly at: number;
  /** The page it happened on. */
  readonly url: string;
  /** What is said of it. */
  readonly props: Said & Props;
}

/** What happens, as [`on`] tells of it. `action` says which. */
export type Told =
  /** For the first time it was drawn by lot what this visitor sees of it, if anything. */
  | Did<'eligible'>
  /** It is on the page. */
  | Did<'shown', { readonly interrupts: boolean; readonly version: string; readonly variant?: string }>
  /** Somebody has looked at it for a second. */
  | Did<'viewed'>
  /** Something in it was used. */
  | Did<'clicked', { readonly link?: string; readonly copied?: string; readonly task?: string }>
  /** Closed without an answer; `partial` where some questions were answered. */
  | Did<'dismissed', { readonly partial?: boolean }>
  /** To be reminded of later. */
  | Did<'snoozed'>
  /** Never again. */
  | Did<'declined'>
  /** None of the site's prompts any more. */
  | Did<'muted'>
  /** A question was answered, or skipped. */
  | Did<'answered', {
      readonly question?: string;
      readonly score?: number;
      readonly text?: string;
      readonly choice?: string | readonly string[];
      readonly skipped?: boolean;
      readonly partial?: boolean;
      readonly response?: string;
    }>
  /** What it is for was done. */
  | Did<'converted', { readonly link?: string; readonly to?: string; readonly response?: string }>
  /** Waymark could not go on, and is gone from the page. */
  | { readonly action: 'failed'; readonly reason: string }
  /** So many prompts were made for a newer Waymark than the page has. */
  | { readonly action: 'unreadable'; readonly count: number };

/** What [`on`] can listen for. */
export type Action = Told['action'];

/** What stands at `window.waymark`: a queue until Waymark has come, then Waymark. */
interface Waymark {
  (...words: unknown[]): void;
  q?: { push(words: unknown): unknown };
  live?: unknown;
}

declare global {
  interface Window {
    waymark?: Waymark;
  }
}

/** Until Waymark has come. */
const queue: Waymark = (...words) => {
  const to = window.waymark;
  if (to) (to.q ??= []).push(words);
};

/** Says it to Waymark, or to the queue that it will read. */
function say(...words: unknown[]): void {
  if (typeof document === 'undefined') return;
  try {
    (window.waymark ??= queue)(...words);
  } catch {
    // Something else has this name on the page.
  }
}

/** Loads Waymark. Called again, as React does in strict mode, or where a snippet has brought it, this does nothing. */
export function init({ address, key, path = '/w', nonce }: Options): void {
  if (typeof document === 'undefined') return;
  // Scripts that know of no package may speak from now on.
  if ((window.waymark ??= queue).live) return;
  if (!address || !key) return console.warn('Waymark is not loaded: `init` needs an address and a key.');
  const src = `${address.replace(/\/+$/, '')}${path}/${key}.js`;
  try {
    const script = document.createElement('script');
    script.async = true;
    script.setAttribute('fetchpriority', 'high');
    if (nonce) script.nonce = nonce;
    script.src = src;
    if (Array.from(document.scripts).every((other) => other.src !== script.src)) document.head.append(script);
  } catch {
    // A page with Trusted Types lets nobody load a script by its name, but import one.
    import(/* @vite-ignore */ /* webpackIgnore: true */ src).catch(() => {});
  }
}

/** Says who this is. Say it as soon as it is known, on each page; `token` is the proof that your server made. */
export function identify(id: string | number, traits?: Traits, proof?: { readonly token: string }): void {
  say('identify', id, traits, proof);
}

/** Says which company or team they belong to. */
export function group(id: string | number, traits?: Traits): void {
  say('group', id, traits);
}

/** Says that something happened. */
export function track(name: string, props?: Props): void {
  say('track', name, props);
}

/** Says that this is a new page. Changes of the address are noticed without it. */
export function page(): void {
  say('page');
}

/** Shows a prompt that asks for nothing but to be asked for, by its key. */
export function show(prompt: string): void {
  say('show', prompt);
}

/** Closes the prompt that is shown. */
export function close(): void {
  say('close');
}

/** Says what the visitor has agreed to. Say it before `init` where nothing may be kept until then. */
export function consent(to: Consent): void {
  // What is undefined is not said.
  say('consent', JSON.parse(JSON.stringify(to)));
}

/**
 * Says which language the visitor has chosen, as `de` or `pt-BR`, whatever the page is in; nothing for none. What is on the screen changes
 * with it.
 */
export function language(tag?: string): void {
  say('language', tag);
}

/** Says that they have signed out: whoever comes next is somebody new. */
export function reset(): void {
  say('reset');
}

/** Opens the overlay that says why prompts show or do not. */
export function debug(): void {
  say('debug');
}

/** Hears of what happens, from now on. Call what is returned to hear no more. */
export function on<A extends Action>(action: A, run: (told: Extract<Told, { action: A }>) => void): () => void {
  if (typeof document === 'undefined') return () => {};
  const heard = (event: Event): void => {
    const told = (event as CustomEvent<Told>).detail;
    if (told.action === action) run(told as Extract<Told, { action: A }>);
  };
  document.addEventListener('waymark', heard);
  return () => document.removeEventListener('waymark', heard);
}
