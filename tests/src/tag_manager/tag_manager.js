/*
 * What Google's tag manager does to a page, as far as it matters to whatever comes by it: it runs late, it makes external scripts anew with
 * three of their attributes, it runs them one after the other, and its templates live in a sandbox where each call needs a permission.
 *
 * Not its code, and not all of it: docs/install.md names what only the real one can show.
 */
((tags) => {
  const list = window.dataLayer = window.dataLayer || [];
  const model = {}; // what it remembers: each word until it hears another for it
  const consent = {};
  const listeners = [];
  const loaded = {};
  // What tests look at: each event with the model as it was then, tags that ended and how, the permissions that were asked for.
  const seen = window.tagManager = { events: [], ended: [], used: [] };

  // Its server does this before it is published: what is a script keeps its text and its address in ways that run nothing.
  const publish = (html) => html.replace(/<script\b([^>]*)>/gi, (all, attributes) => {
    const type = /\btype\s*=\s*["']?([^"'\s>]+)/i.exec(attributes);
    if (type && type[1] !== 'text/javascript') return all;
    return '<script type="text/gtmscript"' + attributes.replace(/\btype\s*=\s*(["']?)[^"'\s>]+\1/i, '').replace(/\bsrc\s*=/i, 'data-gtmsrc=') + '>';
  });

  // Into the body, one after the other; who waits for a script that does not come waits for ever.
  const insert = (into, nodes, done) => {
    const next = () => {
      const node = nodes.shift();
      if (!node) return done();
      if (node.nodeName === 'SCRIPT' && node.type === 'text/gtmscript') {
        const script = document.createElement('script');
        script.async = false;
        script.type = 'text/javascript';
        script.id = node.id;
        script.text = node.text;
        if (node.charset) script.charset = node.charset;
        const from = node.getAttribute('data-gtmsrc');
        if (from) {
          script.src = from;
          script.onload = next;
        }
        into.insertBefore(script, null);
        if (!from) next();
      } else if (/<script/i.test(node.innerHTML)) {
        const inside = [...node.childNodes];
        inside.forEach((child) => child.remove());
        into.insertBefore(node, null);
        insert(node, inside, next);
      } else {
        into.insertBefore(node, null);
        next();
      }
    };
    next();
  };

  const customHtml = (html, done) => {
    // It looks again and again until there is a body.
    if (!document.body) return setTimeout(customHtml, 200, html, done);
    const parsed = document.createElement('div');
    parsed.innerHTML = 'A<div>' + publish(html) + '</div>';
    const nodes = [...parsed.lastChild.childNodes];
    nodes.forEach((node) => node.remove());
    insert(document.body, nodes, done);
  };

  // A pattern of addresses: a star is a whole host, or any part of a path.
  const matches = (pattern, url) => {
    const [, host, path] = /^https:\/\/([^/]+)(\/.*)$/.exec(pattern);
    const part = (text, star) => text.split('*').map((plain) => plain.replace(/[.?+^$()[\]{}|\\]/g, '\\$&')).join(star);
    // Collectors in tests have no certificate; the real one takes https only.
    return new RegExp('^https?://' + part(host, '[^/]+') + part(path, '.*') + '$').test(url);
  };

  const sandbox = ({ permissions }) => {
    const need = (permission, about, how) => {
      const fits = (allowed) => (permission === 'inject_script' ? matches(allowed, about) : allowed === (how ? about + ' ' + how : about));
      const given = (permissions[permission] || []).find(fits);
      if (!given) throw new Error('no permission: ' + [permission, about, how].join(' '));
      seen.used.push(permission + ' ' + given);
    };
    const reach = (path, made) => {
      const names = path.split('.');
      const last = names.pop();
      const owner = names.reduce((object, name) => object[name], window);
      if (owner[last] === undefined) owner[last] = made;
      return owner[last];
    };
    const apis = {
      makeString: (value) => '' + value,
      makeTableMap: (rows, name, value) => Object.fromEntries(rows.map((row) => [row[name], row[value]])),
      createArgumentsQueue: (name, array) => {
        [name, array].forEach((path) => ['read', 'write'].forEach((how) => need('access_globals', path, how)));
        // What comes out of the sandbox looks like an array, and is none: neither its methods nor its iterator are there.
        const like = (args) => Object.assign(Object.create(null), args, { length: args.length });
        const call = reach(name, (...args) => reach(array, []).push(like(args)));
        reach(array, []);
        return (...args) => call(...args);
      },
      injectScript: (url, done, failed, token) => {
        need('inject_script', url);
        if (token && loaded[token]) return loaded[token].then(done, failed);
        const script = document.createElement('script');
        script.async = true;
        script.src = url;
        // A nonce goes on from the script that the page allowed to whatever that loads.
        script.nonce = document.querySelector('script[nonce]')?.nonce || '';
        loaded[token] = new Promise((run, fail) => Object.assign(script, { onload: run, onerror: fail }));
        loaded[token].then(done, failed);
        document.head.append(script);
      },
      isConsentGranted: (type) => {
        need('access_consent', type, 'read');
        return consent[type] !== 'denied';
      },
      addConsentListener: (type, run) => {
        need('access_consent', type, 'read');
        listeners.push([type, run]);
      },
    };
    return (name) => {
      if (!apis[name]) throw new Error('the simulator has no ' + name);
      return apis[name];
    };
  };

  const fire = (tag, at) => {
    const ends = (how) => () => seen.ended.push([at, how]);
    try {
      if ((tag.consent || []).some((type) => consent[type] === 'denied')) return ends('no consent')();
      if (tag.html) customHtml(tag.html, ends('success'));
      else tag.code({ ...tag.data, gtmOnSuccess: ends('success'), gtmOnFailure: ends('failure') }, sandbox(tag));
    } catch (error) {
      ends('' + error)();
    }
  };

  const hear = (message) => {
    // gtag() puts its arguments there as they are.
    if (message[0] === 'consent') {
      Object.entries(message[2]).forEach(([type, state]) => {
        const before = consent[type];
        consent[type] = state;
        if ((before === 'denied') !== (state === 'denied')) listeners.forEach(([of, run]) => of === type && run(type, state !== 'denied'));
      });
    }
    Object.assign(model, message);
    if (!message.event) return;
    seen.events.push({ ...model });
    tags.forEach((tag, at) => new RegExp('^(?:' + tag.on + ')$').test(message.event) && fire(tag, at));
  };

  // One message after the other: what is said while it is at work comes next.
  const waiting = [];
  let busy;
  const work = () => {
    if (busy) return;
    busy = true;
    while (waiting.length) hear(waiting.shift());
    busy = false;
  };
  const keep = list.push;
  list.push = (...messages) => {
    const length = keep.apply(list, messages);
    waiting.push(...messages);
    work();
    return length;
  };
  waiting.push(...list);
  work();
  const ready = () => list.push({ event: 'gtm.dom' });
  const complete = () => list.push({ event: 'gtm.load' });
  document.readyState === 'loading' ? addEventListener('DOMContentLoaded', ready) : ready();
  document.readyState === 'complete' ? complete() : addEventListener('load', complete);
})(__TAGS__);
