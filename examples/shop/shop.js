// Northwind Ledger's own script: who is signed in, and what each page does.
// It talks to Waymark as any site would, through `waymark(...)`. The demo panel is not here (demo.js).

// Calls made before Waymark has loaded wait in this queue. The snippet may stand before or after this file.
window.waymark = window.waymark || function () { (waymark.q = waymark.q || []).push(arguments); };

const shop = (() => {
  const KEY = 'northwind.user';
  // Where storage is blocked, somebody stays signed in on this page at least.
  let here = null;

  function read() {
    try { return JSON.parse(localStorage.getItem(KEY)); } catch { return here; }
  }

  function write(user) {
    here = user;
    try {
      if (user) localStorage.setItem(KEY, JSON.stringify(user)); else localStorage.removeItem(KEY);
    } catch { /* see above */ }
    document.documentElement.dataset.signed = user ? 'yes' : 'no';
  }

  // Says who this is. Real applications say it on every page, so this one does too.
  function introduce(user) {
    waymark('identify', user.id, { email: user.email, name: user.name, plan: user.plan });
    waymark('group', user.account.id, { name: user.account.name });
  }

  return {
    user: read,
    save: write,
    introduce,
    signIn(user) { write(user); introduce(user); },
    signOut() { write(null); waymark('reset'); },
  };
})();

// "Forget me" ends here: before Waymark runs on this page, so that nothing is written back.
try {
  if (sessionStorage.getItem('northwind.forget')) {
    for (const store of [localStorage, sessionStorage]) {
      for (const key of Object.keys(store)) if (/^(waymark|northwind)\./.test(key)) store.removeItem(key);
    }
    sessionStorage.setItem('northwind.panel', '1');
    sessionStorage.setItem('northwind.said', 'Forgotten. You are somebody new.');
  }
} catch { /* Storage is blocked: there is nothing to forget. */ }

// In the head, before the first paint: what depends on it never jumps.
document.documentElement.dataset.signed = shop.user() ? 'yes' : 'no';
if (shop.user()) shop.introduce(shop.user());

document.addEventListener('DOMContentLoaded', () => {
  const one = (selector) => document.querySelector(selector);
  const all = (selector) => document.querySelectorAll(selector);
  const address = new URLSearchParams(location.search);

  for (const button of all('[data-demo-request]')) {
    button.addEventListener('click', () => {
      waymark('track', 'Demo Requested', { page: location.pathname });
      one('[data-demo-note]').textContent = 'Thank you. We write within a day to find a time.';
    });
  }

  if (one('[data-search]')) search();
  if (one('[data-coupon]')) checkout();
  if (one('[data-sign-up]')) account();

  function search() {
    const articles = [...all('.article[id]')];
    const look = () => {
      const words = one('#search').value.toLowerCase().split(/\s+/).filter(Boolean);
      let found = 0;
      for (const article of articles) {
        const text = article.textContent.toLowerCase();
        article.hidden = !words.every((word) => text.includes(word));
        one(`.docs aside a[href="#${article.id}"]`).hidden = article.hidden;
        if (!article.hidden) found += 1;
      }
      one('[data-search-note]').textContent = found === 1 ? '1 article' : `${found} articles`;
      one('[data-search-empty]').hidden = found > 0;
    };
    one('#search').addEventListener('input', look);
    one('[data-search]').addEventListener('submit', (event) => { event.preventDefault(); look(); });
  }

  function checkout() {
    const PLANS = {
      team: { name: 'Team', price: 24, line: '10 people, invoices without limit, bank matching' },
      business: { name: 'Business', price: 64, line: '40 people, several companies, one login' },
    };
    const COUPONS = { SPRING20: 20, WELCOME10: 10 };
    const key = Object.hasOwn(PLANS, address.get('plan')) ? address.get('plan') : 'team';
    const plan = PLANS[key];
    const dollars = (amount) => `$${amount.toFixed(2)}`;

    one('[data-plan-name]').textContent = plan.name;
    one('[data-plan-line]').textContent = plan.line;
    one('[data-full]').textContent = dollars(plan.price);
    one('[data-start]').textContent = `Start ${plan.name}`;
    one('#coupon').value = address.get('coupon') ?? '';

    const apply = () => {
      const code = one('#coupon').value.trim().toUpperCase();
      const percent = Object.hasOwn(COUPONS, code) ? COUPONS[code] : 0;
      const off = (plan.price * percent) / 100;
      one('[data-off-name]').textContent = percent ? `${code}, ${percent} % off` : 'No coupon';
      one('[data-off]').textContent = percent ? `−${dollars(off)}` : dollars(0);
      one('[data-total]').textContent = dollars(plan.price - off);
      one('[data-coupon-note]').textContent = percent ? `${code} takes ${percent} % off each month of the first year.`
        : code ? 'We do not know this code. Check it for a missing letter.'
        : 'A code from us goes in here.';
      one('[data-join]').href = `account.html?${new URLSearchParams({ plan: key, coupon: code })}`;
    };
    apply();
    one('[data-coupon]').addEventListener('submit', (event) => { event.preventDefault(); apply(); });

    // The shop takes no money. On a real one the billing system tells Waymark, server to server; demo.js stands in for it.
    one('[data-start]').addEventListener('click', () => {
      shop.signIn({ ...shop.user(), plan: key });
      waymark('track', 'Checkout Completed', { plan: key, coupon: one('#coupon').value.trim().toUpperCase() });
      one('[data-start-note]').textContent = `Thank you. ${plan.name} is yours from today.`;
      document.dispatchEvent(new Event('northwind:bought'));
    });
  }

  function account() {
    // Letters and digits of any script, so that a company keeps a name one can read.
    const slug = (text) => text.toLowerCase().normalize('NFKC').replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '') || 'nameless';
    const show = () => {
      const user = shop.user();
      if (!user) return;
      one('[data-company]').textContent = user.account.name;
      one('[data-email]').textContent = user.email;
      one('[data-user-id]').textContent = user.id;
      one('[data-account-id]').textContent = user.account.id;
      for (const button of all('[data-step]')) {
        if (user.done?.includes(button.dataset.step)) tick(button);
      }
    };
    const tick = (button) => {
      button.textContent = 'Done';
      button.closest('li').dataset.done = '';
      button.disabled = true;
    };

    show();
    if (address.has('plan')) {
      one('[data-back]').hidden = false;
      one('[data-back] a').href = `plan.html?${address}`;
    }

    one('[data-sign-up]').addEventListener('submit', (event) => {
      event.preventDefault();
      const email = one('#email').value.trim();
      const company = one('#company').value.trim();
      const name = email.split('@')[0].split(/[._-]+/).map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join(' ');
      shop.signIn({ id: `u_${slug(email)}`, email, name, plan: 'free', account: { id: slug(company), name: company } });
      waymark('track', 'Signed Up', { plan: 'free' });
      show();
      one('[data-account-note]').textContent = 'Your workspace is ready.';
      window.scrollTo(0, 0);
      one('[data-company]').focus();
    });

    for (const button of all('[data-step]')) {
      button.addEventListener('click', () => {
        waymark('track', button.dataset.step);
        const user = shop.user();
        shop.save({ ...user, done: [...(user.done ?? []), button.dataset.step] });
        tick(button);
      });
    }

    one('[data-log-out]').addEventListener('click', () => {
      shop.signOut();
      location.assign('index.html');
    });
  }
});

// The demo panel exists only where a demo site does; anywhere else this answers 404 and nothing more happens.
fetch('/demo/status').then((answer) => { if (answer.ok) return import('./demo.js'); }).catch(() => {});
