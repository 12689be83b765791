/*
 * What stands before the module that shows prompts, on its way from the loader: what no page needs before there is something to show.
 */
import { start as begin, visit as open, leave as go } from './waymark.js';
import { listen, publish } from './layer.js';

let host, due;

// One tab at a time: a lock where the browser has locks and the page is served securely, else the last mark counts, given a moment to be
// seen by the other tabs. Where nothing may be kept there is no mark. Given back not at once: what this tab wrote is to be seen by the
// next one.
const claim = (granted) => {
  const name = 'waymark.' + host.key;
  if (navigator.locks) {
    const held = () => new Promise((done) => granted(() => setTimeout(done, 500)));
    navigator.locks.request(name, held).catch(() => granted(() => {}));
    return;
  }
  const own = host.id();
  const place = name + '.turn';
  const read = () => {
    try {
      return localStorage[place] || own;
    } catch {
      return own;
    }
  };
  try {
    if (host.given.store) localStorage[place] = own;
  } catch { /* blocked or full */ }
  setTimeout(host.guard(() => (read() === own ? granted(() => {}) : setTimeout(claim, 150, granted))), 150);
};

export const start = (loader) => {
  // Once more, since the prompts did not come: all of this is there.
  if (host) return;
  host = loader;
  const { given } = host;
  let release = () => {};
  // A preview is nobody's visit: it takes no turn from one, and waits for none.
  host.claim = (granted) => (host.debug ? granted() : claim((free) => granted(release = free)));
  host.release = () => release();
  host.gone = () => {
    release();
    document.querySelectorAll('waymark-prompt').forEach((prompt) => prompt.remove());
  };
  // To give an answer is an agreement, unless the page says otherwise.
  if (!('answer' in given)) given.answer = true;
  // Global Privacy Control is a no to each site, whatever this one was told.
  if (navigator.globalPrivacyControl) {
    Object.defineProperty(given, 'profile', { get: () => false, set() {}, enumerable: true });
  }
  // A page may change its language while it is open: that is asked for as what they have chosen. Many write the same one again and again.
  const root = document.documentElement;
  given.page = root.lang;
  const look = host.guard(() => waymark('consent', { page: root.lang }));
  new MutationObserver(look).observe(root, { attributeFilter: ['lang'] });
  listen(host);
  begin(host);
};

export const visit = (facts, bundle, page) => {
  publish(bundle);
  // What is on the screen is said again in another language, but not under somebody's hands.
  bundle.anew = host.language !== bundle.language && document.activeElement?.localName !== 'waymark-prompt';
  host.language = bundle.language;
  host.speak = (skin, ground) => {
    skin.lang = bundle.language;
    skin.dir = bundle.rtl ? 'rtl' : getComputedStyle(ground).direction;
  };
  host.own = (english) => bundle.words?.[english] || english;
  clearTimeout(due);
  const run = host.guard(() => open(facts, bundle, page));
  // A visitor's word may be about to come, and who they are with it. Not for long, since many never say anything, and not for what the
  // page asks for.
  page.due ||= Date.now() + 2e3;
  if (host.given.store === null && !page.show) due = setTimeout(run, page.due - Date.now());
  else run();
};

export const leave = (page) => {
  clearTimeout(due);
  go(page);
};
