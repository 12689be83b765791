// The demo panel: plays the part of the shop's servers and of time. Loaded by shop.js on Waymark's demo site only.
// It is not part of the shop, and it does nothing a site could not do with Waymark's public HTTP API and a clock.

const OPEN = 'northwind.panel';
const SAID = 'northwind.said';
const STAGES = { trial: 'on trial', paying: 'paying', retained: 'retained' };

// What to remember from one page to the next; where storage is blocked, nothing.
function note(key, value) {
  try { if (value === null) sessionStorage.removeItem(key); else sessionStorage.setItem(key, value); } catch { /* see above */ }
}

function noted(key) {
  try { return sessionStorage.getItem(key); } catch { return null; }
}

// An element with attributes and children; text is always text.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function visitor() {
  try { return JSON.parse(localStorage.getItem('waymark.wk_demo'))?.visitor ?? null; } catch { return null; }
}

// Sends `body` and gives the answer. A refusal becomes an error with the collector's own sentence.
async function post(path, body) {
  const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Error(problem.detail ?? problem.title ?? `The demo answered ${answer.status}.`);
  }
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// The demo's person. Each browser has one of its own, so that two people who try the demo do not meet.
function person() {
  const tail = crypto.getRandomValues(new Uint32Array(1))[0].toString(36).slice(0, 5);
  return {
    id: `u_robin-${tail}`, email: `robin-${tail}@fernandfield.example`, name: 'Robin Vale', plan: 'free',
    account: { id: `fern-and-field-${tail}`, name: 'Fern & Field' },
  };
}

// Moves to `stage` by the events that a shop's own servers would send, then loads the page again.
async function become(stage) {
  let user = shop.user();
  if (stage === 'new') {
    // Nobody becomes new again: this browser signs out and is a stranger.
    if (user) await post('/demo/become', { stage, user_id: user.id, account_id: user.account.id });
    shop.signOut();
    await pause(300);
    return again('Signed out. You are a new visitor.');
  }
  const plan = stage === 'trial' ? 'free' : 'team';
  user = { ...(user ?? person()), plan };
  shop.signIn(user);
  // The browser's own identify goes first, as it does when somebody signs up and pays a minute later.
  await pause(400);
  await post('/demo/become', { stage, user_id: user.id, account_id: user.account.id });
  again(`${user.account.name} is ${STAGES[stage]} now.`);
}

async function nextDay() {
  await post('/demo/clock', { advance_ms: 24 * 60 * 60 * 1000 });
  again('It is one day later.');
}

async function forget() {
  const id = visitor();
  if (id) await post('/demo/forget', { visitor: id });
  // Cleared by shop.js on the next page, before Waymark runs there.
  note('northwind.forget', '1');
  location.assign('index.html');
}

function again(said) {
  note(SAID, said);
  location.reload();
}

async function why(list) {
  const id = visitor();
  if (!id) return list.replaceChildren(make('li', {}, 'Waymark has not run in this browser yet.'));
  const answer = await fetch(`/demo/why?visitor=${encodeURIComponent(id)}&url=${encodeURIComponent(location.href)}`);
  if (!answer.ok) throw new Error(`The demo answered ${answer.status}.`);
  const { prompts = [] } = await answer.json();
  if (prompts.length === 0) return list.replaceChildren(make('li', {}, 'This site has no prompts.'));
  list.replaceChildren(...prompts.map((prompt) => make('li', { 'data-outcome': prompt.outcome },
    make('strong', {}, prompt.name ?? prompt.prompt),
    make('span', {}, prompt.outcome.replaceAll('_', ' ')),
    make('p', {}, prompt.reason ?? ''))));
}

function panel() {
  const said = make('p', { role: 'status', class: 'demo-said' });
  const list = make('ul', { class: 'demo-why' });

  // A button whose work runs once at a time and says what went wrong.
  const button = (label, work) => {
    const element = make('button', { type: 'button' }, label);
    element.addEventListener('click', async () => {
      if (element.getAttribute('aria-busy')) return;
      element.setAttribute('aria-busy', 'true');
      said.textContent = '';
      try { await work(); } catch (error) { said.textContent = error.message; }
      element.removeAttribute('aria-busy');
    });
    return element;
  };

  const user = shop.user();
  const body = make('div', { id: 'demo-body', class: 'demo-body' },
    make('p', { class: 'demo-who' }, user ? `You are ${user.name} of ${user.account.name}.` : 'You are a visitor nobody knows.'),
    make('h2', { id: 'demo-become' }, 'Become'),
    make('div', { class: 'demo-row', role: 'group', 'aria-labelledby': 'demo-become' },
      button('New', () => become('new')), button('Trial', () => become('trial')),
      button('Paying', () => become('paying')), button('Retained', () => become('retained'))),
    make('h2', {}, 'Arrive'),
    make('a', { href: './index.html?utm_source=newsletter&utm_medium=email&utm_campaign=spring' }, 'From the spring e-mail'),
    make('h2', {}, 'Time and memory'),
    make('div', { class: 'demo-row' }, button('Next day', nextDay), button('Forget me', forget)),
    make('h2', {}, 'Prompts'),
    button('Why nothing shows now', () => why(list)),
    said, list);

  const tab = make('button', { type: 'button', class: 'demo-tab', 'aria-controls': 'demo-body' }, 'Demo');
  const aside = make('aside', { class: 'demo', 'aria-label': 'Demo panel' }, body, tab);
  const open = (yes) => {
    tab.setAttribute('aria-expanded', String(yes));
    body.hidden = !yes;
    note(OPEN, yes ? '1' : '0');
  };
  tab.addEventListener('click', () => open(body.hidden));
  aside.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !body.hidden) { open(false); tab.focus(); }
  });

  // On a narrow screen it would hide the page, and the prompt with it, so there it opens only when asked to.
  const room = matchMedia('(min-width: 700px)').matches;
  open(location.hash === '#demo' || (room && noted(OPEN) === '1'));
  // A live region speaks when its text changes, so the text comes after the region is on the page.
  setTimeout(() => {
    said.textContent = noted(SAID) ?? '';
    note(SAID, null);
  });
  return aside;
}

// Buying a plan: the billing system's event.
document.addEventListener('northwind:bought', () => {
  const user = shop.user();
  if (user) post('/demo/become', { stage: 'paying', user_id: user.id, account_id: user.account.id }).catch(() => {});
});

const style = make('link', { rel: 'stylesheet', href: new URL('demo.css', import.meta.url).href });
style.addEventListener('load', () => document.body.append(panel()));
document.head.append(style);
