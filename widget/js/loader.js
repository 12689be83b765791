/*
 * The script that every page of a site pays for. It knows who is here, keeps what happened until the collector has it,
 * and asks whether there is anything to show. What shows prompts is another file, fetched only then.
 *
 * It decides nothing and paints nothing. The one thing to know: it may be cached, run twice, be kept from storage or
 * cut off from its collector, and the page must not notice. Nothing in here throws into the page.
 *
 * Written for size: minified and compressed it must stay under what widget/budget.toml allows. What stands behind `//+` is left out
 * where a site has neither a cookie for its visitors nor prompts that wait for what a page is called.
 */
((
  key, url, at,
  cookie, //+ whether visitors are known by a cookie too
  engine, //+ how modules end where the site says what they are: '.plain.js' for JavaScript, 0 for WebAssembly and nothing else
) => {
  const NAME = 'waymark.' + key;
  const PREFIX = NAME + '.';
  // The browser's own, whatever the page puts into their places later.
  const { fetch, JSON } = window;

  let loose = []; // events that happened before it was settled who is here
  let box = {}; // where things are remembered
  const own = {}; // what this page put into its places, see `entries`
  let page = {}; // { url, event: that it was opened, since, heard: what happened on it, show: the prompt that it asks for }
  let timer, later, failures = 0;
  let load = 0; // the bytes of what is on its way
  let flying = ''; // and its ids
  let settled;
  let facts, module, bundle, version, dead;
  let told; // what they had agreed to before they changed their mind on this page
  let stamp = 1.1e12; // before 2004 nobody was here, whatever the browser's clock says
  let acts; // more has happened on this page than that it was looked at

  // What the visitor has agreed to. Before they were asked a page may say null: nothing is kept, but what is there is not removed. By Global
  // Privacy Control their browser has said no to a profile; the collector hears that too. Beside it the language that they have chosen.
  const given = { store: true, profile: !navigator.globalPrivacyControl };

  // Two things on one page never happen at the same instant, so their order can be told.
  const now = () => (stamp = Math.max(++stamp, Date.now()));

  // The first 48 bits of an id: eleven digits since 2004, and for some centuries.
  const hex = (ms) => '0' + ms.toString(16);

  // A UUID of version 7: 48 bits of milliseconds, then randomness.
  const id = () => {
    const dice = () => (crypto.getRandomValues(new Uint8Array(1))[0] & 15).toString(16);
    return hex(now()).replace(/.{8}/, '$&-') + '-7xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, dice);
  };

  // What is remembered, as JSON in localStorage; in memory only where that is blocked or not wanted. What a tab writes the others
  // see milliseconds later, and who writes last wins; so there is nothing in here that two tabs would not say alike.
  const state = {
    visitor: id(),
    // The visit: { id, since, url: where it began, visits: the how manieth it is, pages: how many it has had, at: its last signal,
    // said: who they are, as they said last in it, since saying it again on each page is to cost nothing }.
    session: {},
    device: id(),
    fresh: true, //+ no answer to these ids was read yet
    // needs: the version of the prompts, if the last page could show any; the next one most likely can too.
  };

  const bytes = (value) => new Blob([JSON.stringify(value)]).size;

  // Wraps what the browser calls. The module that fails is an absent module.
  const guard = (run) => (...args) => {
    try {
      return run(...args);
    } catch (error) {
      fail(error);
    }
  };

  const fail = (error) => {
    if (dead) return;
    dead = true;
    host.gone();
    missed(error);
  };

  const missed = (error) => tell({ action: 'failed', reason: '' + error });

  // Offers what happened to the page.
  const tell = (detail) => {
    try {
      document.dispatchEvent(new CustomEvent('waymark', { detail }));
    } catch { /* it is broken */ }
  };

  const read = (key) => {
    try {
      return given.store && JSON.parse(box[key]);
    } catch { /* blocked, empty, or not ours */ }
  };

  // Nothing to write is something to remove.
  const write = (key, value) => {
    try {
      if (given.store) value ? box[key] = JSON.stringify(value) : delete box[key] && delete own[key];
    } catch { /* blocked or full */ }
  };

  // { visitor, session, event }: what the collector has not acknowledged. Those of prompts stay for other tabs, with `acked`: the
  // collector's time when it had them. Each has a place of its own in storage, so no tab writes over what another has put there.
  const place = (entry) => PREFIX + entry?.event?.id;
  const store = (key, value) => write(key, own[key] = value);
  const put = (entry, stays) => store(place(entry), stays && entry);

  // All of them, whichever tab they are from, in the order of their ids, which is that of time.
  const entries = () => {
    const all = {};
    Object.keys(box).forEach((key) => key.startsWith(PREFIX) && (all[key] = read(key)));
    return Object.keys(Object.assign(all, own)).sort().map((key) => all[key]).filter((entry) => all[place(entry)]);
  };

  // Reads, changes, writes: another tab may have written since. Who is here is settled as soon as any tab has said so.
  const keep = (change) => {
    const found = read(NAME);
    if (found) {
      state.fresh = false; //+
      Object.assign(state, found);
      settled = true;
    }
    change?.();
    if (settled) {
      loose.splice(0).forEach((event) => {
        state.session.pages += event.type === 'page';
        put({ visitor: state.visitor, session: state.session.id, event }, true);
      });
      write(NAME, state);
    }
    return state;
  };

  // From now on the ids in storage are the ids, or, where there are none yet, ours.
  const settle = guard(() => {
    settled = true;
    keep();
    wait(0);
  });

  // Without a profile only pages and prompts are told of. What else happens waits as long as the visitor has not said `yet` whether it may be.
  const lets = (event, yet) => (given.profile ?? yet) || /^p/.test(event.type);

  const record = (event) => {
    // A copy: what the page changes later has not happened. What cannot be copied or sent is no event.
    event = JSON.parse(JSON.stringify(event));
    keep(() => {
      const at = now();
      // 30 minutes without a signal.
      if (!(at < state.session.at + 18e5)) {
        // What follows from the visit before is the same in each tab that finds it ended.
        state.session = {
          id: state.visitor.slice(0, 24) + hex(state.session.at + 1 || at),
          visits: (state.session.visits || 0) + 1,
          since: at,
          url: page.url,
          said: {},
          pages: 0,
        };
      }
      state.session.at = at;
      event = { id: id(), at, url: page.url, ...event };
      // What is larger nobody takes.
      if (bytes(event) < 32e3) {
        if (lets(event, true)) loose.push(event);
        page.heard[99] || page.heard.push(event);
      }
    });
    // The oldest are given up.
    entries().slice(0, -100).forEach((entry) => put(entry));
    // That a prompt was seen goes with what comes next, such as its answer, or with leaving.
    failures || event.action === 'viewed' || wait(0);
    if (event.prompt) tell(event);
  };

  // Nothing is sent before the page is read: by then it has said who is here, and that goes along.
  const wait = (ms) => {
    clearTimeout(timer);
    if (document.readyState !== 'loading') timer = setTimeout(guard(send), ms);
  };

  // Sends what waits and is not on its way. What is sent twice is stored once.
  const send = (leaving) => {
    const all = entries().filter((entry) => !entry.acked && !flying.includes(entry.event.id) && lets(entry.event));
    const first = all[0];
    if (!settled || load && !leaving) return;
    // At most so many bytes are on their way: browsers take 64 KB in all from a page that is being left, and so does the collector.
    const batch = all.filter((entry) => entry.session === first.session
      && (load += bytes(entry)) < 6e4 && (acts |= entry.event.type !== 'page', flying += entry.event.id));
    if (!batch[0]) return;
    const on = page;
    const mine = told;
    const body = JSON.stringify({
      language: document.documentElement.lang,
      events: Object.assign(batch.map((entry) => entry.event), { toJSON: 0 }), // old libraries write lists in a way of their own
      touches: navigator.maxTouchPoints,
      url: page.url,
      // Where nothing may be kept, who only looks at a page has no name.
      ...(given.store || acts) && {
        visitor: first.visitor,
        session: first.session,
        device: state.device,
      },
      fresh: given.store ? state.fresh : undefined, //+
      given,
      debug: host.debug,
      sent_at: now(),
      key,
    });
    // Where a page that is left cannot go on sending, what it had to say waits in storage for the next one.
    fetch(url + '/v1/visit', {
      credentials: cookie ? 'include' : 'same-origin', //+
      body,
      keepalive: true,
      signal: AbortSignal.timeout?.(2e4),
      method: 'POST',
    }).then((answer) => {
      // Refused for good: sending it again will not help.
      if (/^4(?!08|29)/.test(answer.status)) return { results: batch };
      return answer.json();
    }).then((answer) => batch.length === answer.results.length && answer).catch(() => {}).then(guard((answer) => {
      load = 0;
      flying = '';
      // Come back later, or somebody else's words.
      if (!answer) return wait(2 ** (8 + Math.min(++failures, 8) + Math.random()));
      // They have agreed to something else since: it may be told now, and what is known of them is another.
      if (mine !== told) return wait(0);
      failures = 0;
      facts = answer.facts || facts;
      keep(() => state.needs = answer.needed && facts.bundle);
      const { visitor } = answer; //+
      if (visitor && keep().fresh) { //+ nothing was kept here, but they are known: what waits is theirs
        entries().forEach((entry) => put({ ...entry, visitor }, true)); //+
        keep(() => state.visitor = visitor); //+
      } //+
      keep(() => state.fresh = false); //+
      (answer.named || []).forEach((name) => on.heard.push({ name, at: now() })); //+ what the site calls the page that asked
      batch.forEach((entry) => {
        // A tab whose facts are older does not know of it.
        entry.acked = facts.now || 1;
        put(entry, entry.event.prompt);
      });
      // What is known of one page is not known of the next.
      if (on !== page) facts = 0;
      clearTimeout(later);
      send();
      // Not while something waits that may change the facts, such as who this is; but not for long either.
      if (answer.needed || module || page.show) later = setTimeout(guard(open), load && 2e3);
    }));
  };

  // Fetches a module and starts it: its glue and the WebAssembly, or, where that was refused before, all of it as JavaScript.
  const fetched = (at, plain = host.kept('plain')) => Promise.all([import(url + at + (plain || '.js')), plain || fetch(url + at + '.wasm')])
    .then(([made, code]) => made.default(host, code));

  // Fetches what shows prompts once, and the prompts once a version.
  const get = (wanted) => {
    if (version !== wanted) {
      bundle = fetch(url + '/w/' + key + '.json?v=' + (version = wanted)).then((answer) => answer.json());
    }
    module = module || fetched(at);
    return Promise.all([module, bundle]).catch((error) => {
      module = version = null;
      missed(error);
    });
  };

  // Lets it decide.
  const open = () => {
    if (!facts) return;
    const on = page;
    get(facts.bundle).then((parts) => {
      if (on !== page || dead || !parts) return;
      guard((host.made = parts[0]).visit)(facts, parts[1], host.page = page);
      page.show = 0;
    });
  };

  // What the modules are handed. `start`, `made`, `page`, `debug` are for the overlay alone.
  const host = {
    id,
    state: keep,
    entries,
    record,
    given,
    guard,
    keep: (key, value) => store(PREFIX + key, value),
    kept: (key) => own[PREFIX + key] || read(PREFIX + key),
    tell,
    key,
    engine, //+
    open,
    load: (at, done) => fetched(at).then(done, () => {}),
    heard: () => page.heard.splice(0),
    gone() {},
  };

  // Asks the module, if there is one, to do something on this page.
  const ask = (what) => {
    module?.then((glue) => dead || guard(glue[what])(page), () => {});
  };

  // A page of a single-page application is its address, with the fragment only where that is a route.
  const arrive = (again) => {
    const url = location.href.replace(/#(?![/!]).*/, '');
    if (!again && url === page.url) return;
    page = { event: { type: 'page', id: id(), referrer: page.url || document.referrer }, url, since: now(), heard: [] };
    facts = 0;
    ask('leave');
    record(page.event);
  };

  const introduce = (type, field) => (who, traits, proof) => {
    const words = JSON.stringify([who, traits, !proof]);
    if (!who && who !== 0 || keep().session.said[type] === words) return;
    record({ type, [field]: '' + who, traits, token: proof?.token });
    keep(() => {
      // Somebody else belongs to no company until that is said again.
      if (type !== 'group') state.session.said = {};
      state.session.said[type] = words;
    });
  };

  // From here on it is somebody else.
  const other = () => void Object.assign(state, { visitor: id(), session: {} });

  // What a page can say: waymark('track', 'Demo Requested', { plan: 'team' }).
  const calls = {
    // The language that they have chosen, whatever the page is in.
    language: (language) => calls.consent({ language }),
    group: introduce('group', 'account_id'),
    show: (key) => open(page.show = key),
    identify: introduce('identify', 'user_id'),
    track: (name, props) => record({ type: 'track', name: '' + name, props }),
    on: (action, run) => document.addEventListener('waymark', ({ detail }) => detail.action === action && run(detail)),
    // Somebody else may sit down here; the device, and how often it was asked, stay.
    reset: () => {
      // What happened before was still the other one.
      settle();
      keep(other);
      keep(() => state.fresh = false); //+ whoever comes is nobody that a cookie knows
      ask('close');
      arrive(true);
    },
    // Says why prompts show or do not. It asks for the rest of what is above by itself, and lets the loader begin if that has not.
    debug: () => fetched('/a/overlay'),
    page: () => arrive(true),
    close: () => ask('close'),
    consent: (to) => {
      const before = JSON.stringify(given);
      const all = entries();
      const who = state.visitor;
      Object.assign(given, to);
      if (given.store === false) {
        Object.keys(box).forEach((key) => key.startsWith(NAME) && delete box[key]);
        acts = other(state.device = id());
      }
      // What is known of them is another now, or how they are spoken to: that is asked for by telling of the page again, which is stored once.
      if (page.url && JSON.stringify(given) !== before) {
        told = before;
        keep(() => {
          state.session.said = {};
          state.session.pages -= state.visitor === who;
        });
        record(page.event);
      }
      // What the collector does not have yet is theirs, whoever that turns out to be.
      all.forEach((entry) => {
        if (who !== state.visitor) Object.assign(entry, { visitor: state.visitor, session: state.session.id });
        put(entry, lets(entry.event, true));
      });
    },
  };

  // What tag managers put into the queue need not be an array.
  const call = (words) => {
    try {
      const [what, ...said] = Array.from(words);
      calls[what](...said);
      ask('look');
    } catch { /* the page said what nobody understands */ }
  };

  host.start = guard((own) => {
    const stub = window.waymark;
    // The snippet twice, or once more from a tag manager: the first one is at work.
    if (stub?.live) return;
    box = own || box;
    if (engine === 0) host.keep('plain'); //+ what was refused before is asked for again
    window.waymark = (...args) => call(args);
    waymark.live = waymark.q = { push: call };
    // What may be kept has to be known before anything is.
    const queue = (stub?.q || []).filter((args) => !/^(con|lan)/.test(args[0]) || call(args));
    settled = !given.store;
    arrive();
    if (state.needs) get(state.needs);
    queue.forEach(call);
    // Tabs that a browser opens at once, its first ones here, would each find nothing and make ids: so one at a time, and then what it
    // wrote is to be seen by the next one. Where the browser has no locks the last mark counts; the others hear of what its tab writes.
    // Who finds ids in storage waits for nobody.
    if (!settled) {
      if (navigator.locks) navigator.locks.request(PREFIX, () => new Promise((done) => setTimeout(done, 500, settle()))).catch(settle);
      else {
        write(PREFIX, state.device);
        setTimeout(() => (read(PREFIX) || state.device) === state.device && settle(), 150);
      }
    }
    const moved = guard(() => arrive());
    const hears = {
      // Another tab was first, and what it wrote can be seen now.
      storage: () => settled || keep() && wait(0),
      // A new fragment comes with it too.
      popstate: moved,
      // At once: a timer may come after the page is laid out. What hears of it in the document has heard of it before.
      DOMContentLoaded: () => send(),
      // Also when the page is left.
      visibilitychange: () => send(document.hidden, document.hidden && settle()),
      pageshow: (event) => event.persisted && arrive(true),
    };
    Object.keys(hears).forEach((kind) => addEventListener(kind, guard(hears[kind])));
    if (window.navigation?.currentEntry) navigation.addEventListener('currententrychange', moved);
    else {
      ['pushState', 'replaceState'].forEach((name) => {
        const original = history[name];
        history[name] = (...args) => moved(original.apply(history, args));
      });
    }
  });

  if (engine) own[PREFIX + 'plain'] = engine; //+
  // A tab that was opened by a link of the site's own people, who count nowhere: the module that explains goes first, and says where
  // things are remembered and what they are known by.
  let begin = host.start;
  try {
    if (/wm_debug=/.test(location) || sessionStorage[key]) begin = calls.debug;
    box = localStorage || box;
  } catch { /* blocked */ }

  // A page that is fetched in advance may never be seen.
  if (document.prerendering) document.addEventListener('prerenderingchange', () => begin());
  else begin();
})(...__WAYMARK__);
