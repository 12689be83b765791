/*
 * The script that every page of a site pays for. It knows who is here, keeps what happened until the collector has it,
 * and asks whether there is anything to show. What shows prompts is another file, fetched only then.
 *
 * It decides nothing and paints nothing. The one thing to know: it may be cached, run twice, be kept from storage or
 * cut off from its collector, and the page must not notice. Nothing in here throws into the page.
 *
 * Written for size: minified and compressed it must stay under what widget/budget.toml allows.
 */
((settings) => {
  const stub = window.waymark || {};
  // The snippet twice, or once more from a tag manager: the first one is at work.
  if (stub.live) return;

  const NAME = 'waymark.' + settings.key;
  const VISIT_ENDS = 18e5; // 30 minutes without a signal
  const BATCH = 2e4; // characters: browsers take 64 KB from a page that is being left, and so does the collector
  const KEPT = 100; // events that wait at most, which is also what the collector takes at once
  const REMEMBERED = 40; // events of prompts that another tab must still know of

  // What is remembered, as JSON in localStorage; in memory only where that is blocked or not wanted.
  let state = {
    // visitor, device: ids. session: { id, at }, the visit and its last signal. turn: the tab that may show a prompt.
    unsent: [], // { visitor, session, event }: what the collector has not acknowledged
    past: [], // the same of prompts, with `acked`: the collector's time when it had them
    said: {}, // who they are, as they said last in this visit: saying it again on each page costs nothing
  };
  let stores = true;
  let own = []; // what this page recorded: a tab that writes at the same moment may lose it from storage
  let page = {}; // { url, since }
  let stamp = 0;
  let timer, flying, failures = 0;
  let release = () => {};
  let facts, wanted, module, bundle, version, dead;

  // Two things on one page never happen at the same instant, so their order can be told.
  const now = () => (stamp = Math.max(Date.now(), stamp + 1));

  // A UUID of version 7: 48 bits of milliseconds, then randomness.
  const id = () => {
    let hex = now().toString(16).padStart(12, '0') + 7;
    crypto.getRandomValues(new Uint8Array(19)).forEach((byte, at) => {
      hex += (at === 3 ? 8 + byte % 4 : byte % 16).toString(16);
    });
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  };

  // Wraps what the browser calls. The module that fails is an absent module.
  const guard = (run) => function () {
    try {
      return run.apply(this, arguments);
    } catch (error) {
      fail(error);
    }
  };

  const fail = (error) => {
    if (dead) return;
    dead = true;
    document.querySelectorAll('waymark-prompt').forEach((host) => host.remove());
    tell({ action: 'failed', reason: '' + error });
  };

  // Offers what happened to the page.
  const tell = (detail) => {
    document.dispatchEvent(new CustomEvent('waymark', { detail }));
    const layer = window.dataLayer;
    if (layer && layer.push) layer.push({ event: 'waymark', waymark: detail });
  };

  const same = (entry) => (other) => other.event.id === entry.event.id;
  const add = (list, entry) => list.some(same(entry)) || list.push(entry);

  // Reads, changes, writes: another tab may have written since.
  const keep = (change) => {
    try {
      const read = stores && JSON.parse(localStorage[NAME]);
      if (read.said && read.past.map && read.unsent.map) state = read;
    } catch (_) { /* blocked, empty, or not ours */ }
    state.visitor = state.visitor || id();
    state.device = state.device || id();
    if (change) change();
    own.forEach((entry) => add(entry.acked ? state.past : state.unsent, entry));
    state.unsent = state.unsent.slice(-KEPT);
    state.past = state.past.slice(-REMEMBERED);
    try {
      if (stores) localStorage[NAME] = JSON.stringify(state);
    } catch (_) { /* blocked or full */ }
    return state;
  };

  const record = (event) => {
    keep(() => {
      const at = now();
      if (!state.session || at - state.session.at > VISIT_ENDS) {
        state.session = { id: id() };
        state.said = {};
      }
      state.session.at = at;
      Object.assign(event, { id: id(), at, url: page.url });
      own.push({ visitor: state.visitor, session: state.session.id, event });
    });
    if (!failures) wait(0);
    if (event.prompt) tell(event);
  };

  // Nothing is sent before the page is read: by then it has said who is here, and that goes along.
  const wait = (ms) => {
    clearTimeout(timer);
    if (document.readyState !== 'loading') timer = setTimeout(guard(send), ms);
  };

  // Sends what waits. What is sent twice is stored once, so a page that is left sends what it has, flying or not.
  const send = (leaving) => {
    const all = keep().unsent;
    const first = all[0];
    const last = all[all.length - 1];
    if (!first || flying && (!leaving || flying === last.event.id)) return;
    flying = last.event.id;
    let size = 0;
    const batch = all.filter((entry) => entry.visitor === first.visitor && entry.session === first.session
      && size < BATCH && (size += JSON.stringify(entry).length));
    const url = settings.url + '/v1/visit';
    const body = JSON.stringify({
      key: settings.key,
      sent_at: Date.now(),
      visitor: first.visitor,
      device: state.device,
      session: first.session,
      language: document.documentElement.lang || navigator.language,
      events: batch.map((entry) => entry.event),
    });
    if (leaving && !('keepalive' in Request.prototype)) return navigator.sendBeacon(url, body);
    fetch(url, {
      method: 'POST',
      body,
      keepalive: true,
      credentials: 'omit',
      signal: AbortSignal.timeout && AbortSignal.timeout(2e4),
    }).then((answer) => {
      const status = answer.status;
      // Refused for good: sending it again will not help.
      if (status > 399 && status < 500 && status !== 408 && status !== 429) return { results: batch };
      return answer.json();
    }).then((answer) => {
      // Come back later, or somebody else's words.
      if (answer.results.length !== batch.length) throw 0;
      failures = flying = 0;
      guard(acknowledged)(batch, answer);
    }).catch(() => {
      flying = 0;
      wait(500 * 2 ** Math.min(++failures, 8) * (0.5 + Math.random()));
    });
  };

  const acknowledged = (batch, answer) => {
    facts = answer.facts || facts;
    const acked = facts ? facts.now : 1;
    own.concat(batch).forEach((entry) => {
      if (batch.some(same(entry))) entry.acked = acked;
    });
    // Of prompts it is remembered that they are acknowledged: a tab whose facts are older does not know of them.
    own = own.filter((entry) => !entry.acked || entry.event.prompt);
    keep(() => {
      state.unsent = state.unsent.filter((entry) => !batch.some(same(entry)));
      batch.forEach((entry) => entry.event.prompt && add(state.past, entry));
    });
    // Nothing is decided while something waits that may change the facts, such as who this is.
    if (state.unsent[0]) send();
    else if (answer.needed || module || wanted) open();
  };

  // Fetches what shows prompts once, and the prompts once a version; then lets it decide.
  const open = () => {
    if (!facts || dead) return;
    const on = page;
    if (version !== facts.bundle) {
      version = facts.bundle;
      bundle = fetch(settings.url + '/w/' + settings.key + '.json?v=' + version).then((answer) => answer.json());
    }
    module = module || Promise.all([import(settings.url + settings.glue), fetch(settings.url + settings.wasm)])
      .then((parts) => parts[0].default(parts[1]).then(() => {
        parts[0].start(host);
        return parts[0];
      }));
    Promise.all([module, bundle]).then((parts) => {
      if (on !== page || dead) return;
      const key = wanted;
      wanted = 0;
      guard(parts[0].visit)(facts, parts[1], page.url, page.since, key || undefined);
    }, (error) => {
      module = version = 0;
      tell({ action: 'failed', reason: '' + error });
    });
  };

  // What the module is handed.
  const host = {
    record: (prompt, action, name, props) => record({ type: 'prompt', prompt, action, name, props }),
    guard,
    id,
    session: () => keep().session.id,
    entries: () => keep().past.concat(state.unsent),
    unreadable: (count) => tell({ action: 'unreadable', count }),
    // One tab at a time: a lock where the browser has locks and the page is served securely, else the last mark in storage
    // counts, given a moment to be seen by the others.
    claim: (granted) => {
      if (navigator.locks) {
        navigator.locks.request(NAME, () => new Promise((done) => {
          release = done;
          granted();
        })).catch(granted);
      } else {
        const mark = id();
        keep(() => { state.turn = mark; });
        setTimeout(() => (keep().turn === mark ? granted() : host.claim(granted)), 150 + 150 * Math.random());
      }
    },
    // Not at once: what this tab wrote is to be seen by the next one.
    release: () => setTimeout(release, 500),
  };

  const leave = (close) => {
    if (module) module.then((glue) => dead || guard(close ? glue.close : glue.leave)(page.url, page.since), () => {});
  };

  // A page of a single-page application is its address, with the fragment only where that is a route.
  const arrive = (again) => {
    const url = location.href.replace(/#(?![/!]).*/, '');
    if (again !== true && url === page.url) return;
    const referrer = page.url || document.referrer;
    page = { url, since: Date.now() };
    leave();
    record({ type: 'page', referrer });
  };

  const introduce = (type, who, event) => {
    const words = JSON.stringify([who, event.traits]);
    if (who == null || who === '' || keep().said[type] === words) return;
    record(Object.assign(event, { type }));
    keep(() => {
      // Somebody else belongs to no company until that is said again.
      if (event.user_id) state.said = {};
      state.said[type] = words;
    });
  };

  // What a page can say: waymark('track', 'Demo Requested', { plan: 'team' }).
  const calls = {
    identify: (who, traits) => introduce('identify', who, { user_id: '' + who, traits }),
    group: (who, traits) => introduce('group', who, { account_id: '' + who, traits }),
    track: (name, props) => record({ type: 'track', name: '' + name, props }),
    page: () => arrive(true),
    on: (action, run) => document.addEventListener('waymark', ({ detail }) => detail.action === action && run(detail)),
    show: (key) => {
      wanted = '' + key;
      open();
    },
    close: () => leave(true),
    // Somebody else may sit down here; the device, and how often it was asked, stay.
    reset: () => {
      keep(() => {
        state.visitor = state.session = 0;
      });
      leave(true);
      arrive(true);
    },
    consent: (to) => {
      stores = to.store !== false;
      if (!stores) localStorage.removeItem(NAME);
    },
  };

  const call = (args) => {
    try {
      calls[args[0]](args[1], args[2]);
    } catch (_) { /* the page said what nobody understands */ }
  };

  const api = function () {
    call(arguments);
  };
  api.live = true;
  window.waymark = api;

  const start = guard(() => {
    const queue = [].slice.call(stub.q || []);
    const isConsent = (args) => args[0] === 'consent';
    queue.filter(isConsent).forEach(call);
    api.q = { push: call };
    arrive();
    queue.forEach((args) => isConsent(args) || call(args));

    const go = guard(() => send(true));
    document.addEventListener('DOMContentLoaded', () => wait(0));
    document.addEventListener('visibilitychange', () => document.hidden && go());
    addEventListener('pagehide', go);
    addEventListener('pageshow', guard((event) => event.persisted && arrive(true)));

    const moved = guard(arrive);
    addEventListener('popstate', moved);
    addEventListener('hashchange', moved);
    if ((window.navigation || 0).currentEntry) navigation.addEventListener('currententrychange', moved);
    else {
      ['pushState', 'replaceState'].forEach((name) => {
        const original = history[name];
        history[name] = function () {
          const result = original.apply(this, arguments);
          moved();
          return result;
        };
      });
    }
  });

  // A page that is fetched in advance may never be seen.
  if (document.prerendering) document.addEventListener('prerenderingchange', start, { once: true });
  else start();
})(__WAYMARK__);
