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
  const PREFIX = NAME + '.';
  const VISIT_ENDS = 18e5; // 30 minutes without a signal
  const BATCH = 32e3; // bytes of an event and of a batch: browsers take 64 KB from a page that is being left, and so does the collector
  const KEPT = 100; // events at most; the oldest are given up

  let settled, stores = true;
  let loose = []; // events that happened before it was settled who is here
  let own = {}; // what this page put into its places, see `entries`
  let page = {}; // { url, since }
  let stamp = 0;
  let timer, flying, failures = 0;
  let release = () => {};
  let facts, wanted, module, bundle, version, dead;

  // Two things on one page never happen at the same instant, so their order can be told.
  const now = () => (stamp = Math.max(Date.now(), stamp + 1));

  const hex = (ms) => ms.toString(16).padStart(12, '0');

  // A UUID of version 7: 48 bits of milliseconds, then randomness.
  const id = () => {
    let digits = hex(now()) + 7;
    crypto.getRandomValues(new Uint8Array(19)).forEach((byte, at) => {
      digits += (at === 3 ? 8 + byte % 4 : byte % 16).toString(16);
    });
    return digits.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  };

  // What is remembered, as JSON in localStorage; in memory only where that is blocked or not wanted. What a tab writes the others
  // see milliseconds later, and who writes last wins; so there is nothing in here that two tabs would not say alike.
  const state = {
    visitor: id(),
    device: id(),
    session: {}, // { id, at }: the visit and its last signal
    said: {}, // who they are, as they said last in this visit: saying it again on each page costs nothing
  };

  const bytes = (value) => new Blob([JSON.stringify(value)]).size;

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
    release();
    document.querySelectorAll('waymark-prompt').forEach((host) => host.remove());
    tell({ action: 'failed', reason: '' + error });
  };

  // Offers what happened to the page.
  const tell = (detail) => {
    document.dispatchEvent(new CustomEvent('waymark', { detail }));
    try {
      window.dataLayer.push({ event: 'waymark', waymark: detail });
    } catch (_) { /* there is none, or it is broken */ }
  };

  const read = (key) => {
    try {
      return stores && JSON.parse(localStorage[key]);
    } catch (_) { /* blocked, empty, or not ours */ }
  };

  // Nothing to write is something to remove.
  const write = (key, value) => {
    try {
      if (stores) value ? localStorage[key] = JSON.stringify(value) : delete localStorage[key];
    } catch (_) { /* blocked or full */ }
  };

  // { visitor, session, event }: what the collector has not acknowledged. Those of prompts stay for other tabs, with `acked`: the
  // collector's time when it had them. Each has a place of its own in storage, so no tab writes over what another has put there.
  const place = (entry) => PREFIX + ((entry || 0).event || 0).id;
  const put = (entry, stays) => write(place(entry), own[place(entry)] = stays && entry);

  // All of them, whichever tab they are from, in the order of their ids, which is that of time.
  const entries = () => {
    const all = {};
    try {
      Object.keys(localStorage).forEach((key) => {
        if (key.startsWith(PREFIX)) all[key] = read(key);
      });
    } catch (_) { /* blocked */ }
    Object.assign(all, own);
    return Object.keys(all).sort().filter((key) => place(all[key]) === key).map((key) => all[key]);
  };

  // Reads, changes, writes: another tab may have written since. Who is here is settled as soon as any tab has said so.
  const keep = (change) => {
    const found = read(NAME);
    if (found && found.visitor) {
      Object.assign(state, found);
      settled = true;
    }
    if (change) change();
    if (settled) {
      write(NAME, state);
      loose.splice(0).forEach((event) => put({ visitor: state.visitor, session: state.session.id, event }, true));
    }
    return state;
  };

  // From now on the ids in storage are the ids, or, where there are none yet, ours.
  const settle = guard(() => {
    settled = true;
    keep();
    wait(0);
  });

  // One tab at a time: a lock where the browser has locks and the page is served securely, else the last mark in storage
  // counts, given a moment to be seen by the others. Given back not at once: what this tab wrote is to be seen by the next one.
  const claim = (name, granted) => {
    const alone = () => granted(() => {});
    if (navigator.locks) {
      navigator.locks.request(name, () => new Promise((done) => granted(() => setTimeout(done, 500)))).catch(alone);
    } else {
      const mark = id();
      write(name + '.turn', mark);
      setTimeout(() => ((read(name + '.turn') || mark) === mark ? alone() : setTimeout(claim, 150, name, granted)), 150);
    }
  };

  const record = (event) => {
    keep(() => {
      const at = now();
      if (!(at < state.session.at + VISIT_ENDS)) {
        // What follows from the visit before is the same in each tab that finds it ended.
        state.session = { id: state.visitor.slice(0, 24) + hex(state.session.at + 1 || at) };
        state.said = {};
      }
      state.session.at = at;
      loose.push(Object.assign(event, { id: id(), at, url: page.url }));
    });
    entries().slice(0, -KEPT).forEach((entry) => put(entry));
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
    if (!settled) return;
    const all = entries().filter((entry) => !entry.acked);
    const first = all[0];
    const last = all[all.length - 1];
    if (!first || flying && (!leaving || flying === last.event.id)) return;
    flying = last.event.id;
    let size = 0;
    const batch = all.filter((entry) => entry.visitor === first.visitor && entry.session === first.session
      && ((size += bytes(entry)) < BATCH || entry === first));
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
    batch.forEach((entry) => {
      // A tab whose facts are older does not know of it.
      entry.acked = facts ? facts.now : 1;
      put(entry, entry.event.prompt);
    });
    // Nothing is decided while something waits that may change the facts, such as who this is.
    send();
    if (!flying && (answer.needed || module || wanted)) open();
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
    entries,
    unreadable: (count) => tell({ action: 'unreadable', count }),
    claim: (granted) => claim(NAME, (free) => {
      release = free;
      granted();
    }),
    release: () => release(),
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
    // A copy: what the page changes later has not happened. What cannot be copied or sent is no event.
    track: (name, props) => {
      props = props && JSON.parse(JSON.stringify(props));
      if (bytes(props) < BATCH) record({ type: 'track', name: '' + name, props });
    },
    page: () => arrive(true),
    on: (action, run) => document.addEventListener('waymark', ({ detail }) => detail.action === action && run(detail)),
    show: (key) => {
      wanted = '' + key;
      open();
    },
    close: () => leave(true),
    // Somebody else may sit down here; the device, and how often it was asked, stay.
    reset: () => {
      // What happened before was still the other one.
      settle();
      keep(() => {
        state.visitor = id();
        state.session = {};
      });
      leave(true);
      arrive(true);
    },
    consent: (to) => {
      const all = entries();
      stores = to.store !== false;
      if (!stores) Object.keys(localStorage).forEach((key) => (key + '.').startsWith(PREFIX) && delete localStorage[key]);
      all.forEach((entry) => put(entry, true));
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
    settled = !stores;
    arrive();
    queue.forEach((args) => isConsent(args) || call(args));
    // Tabs that a browser opens at once, its first ones here, would each find nothing and make ids: so one at a time. Who finds
    // ids in storage waits for nobody.
    if (!settled) claim(PREFIX, (free) => free(settle()));
    // Another tab was first, and what it wrote can be seen now.
    addEventListener('storage', guard(() => settled || keep() && wait(0)));

    const go = guard(() => send(true));
    document.addEventListener('DOMContentLoaded', () => wait(0));
    document.addEventListener('visibilitychange', () => document.hidden && go());
    addEventListener('pagehide', settle);
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
