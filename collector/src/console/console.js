/*
 * What pages of the console do by themselves, beside what htmx does. All of it can be done without: by the buttons beside it.
 */
(() => {
  // Our pages come from us alone, and they escape what others have made up: that is what makes them trusted.
  const policy = window.trustedTypes?.createPolicy('htmx', { createHTML: (html) => html });
  htmx.registerExtension('own', { init: (api) => api.initSecurity(policy) });

  const closest = (event, selector) => event.target.closest?.(selector);

  // Copies what stands before the button. Where pages may not write to the clipboard the text is at least selected.
  document.querySelectorAll('[data-copy][hidden]').forEach((button) => { button.hidden = false; });
  document.addEventListener('click', (event) => {
    const button = closest(event, '[data-copy]');
    if (!button) return;
    const text = document.getElementById(button.dataset.copy);
    const [word, name] = [button.dataset.word ??= button.textContent, button.dataset.name ??= button.ariaLabel ?? ''];
    const say = (done) => {
      Object.assign(button, { textContent: done, ariaLabel: name && done });
      setTimeout(() => Object.assign(button, { textContent: word, ariaLabel: name || null }), 2000);
    };
    const written = navigator.clipboard?.writeText(text.textContent) ?? Promise.reject();
    written.then(() => say('Copied'), () => {
      getSelection().selectAllChildren(text);
      say(document.execCommand('copy') ? 'Copied' : 'Selected');
    });
  });

  // On a phone the parts of a prompt lie in a strip: the open one is to be seen.
  document.querySelector('.outline [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

  // A browser knows its own time zone; one that was said before stays.
  document.querySelectorAll('[data-zone]').forEach((field) => {
    field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || field.value;
  });

  // What follows by itself: the server sends the part anew, and what is the same in it stays, so that nobody's focus is lost and
  // nothing is read out twice.
  document.querySelectorAll('[data-live]').forEach((part) => {
    new EventSource(part.dataset.live).onmessage = ({ data }) => {
      const made = document.createElement('template');
      made.innerHTML = policy?.createHTML(data) ?? data;
      const [old, all] = [[...part.children], [...made.content.children]];
      all.forEach((one, at) => old[at]?.isEqualNode(one) || (old[at] ? old[at].replaceWith(one) : part.append(one)));
      old.slice(all.length).forEach((one) => one.remove());
    };
  });

  // A picture that is chosen is sent at once; the field beside it takes its address.
  document.addEventListener('change', async (event) => {
    const input = closest(event, '[data-upload]');
    const to = input?.form?.dataset.pictures;
    if (!to || !input.files[0]) return;
    const said = input.parentNode.nextElementSibling;
    const data = new FormData();
    data.append('picture', input.files[0]);
    said.textContent = 'Uploading…';
    try {
      const answer = await fetch(to, { method: 'POST', body: data, headers: { accept: 'application/json' } });
      const picture = await answer.json();
      said.textContent = answer.ok ? '' : picture.problems?.[0]?.message || picture.detail;
      if (!answer.ok) return;
      const field = document.getElementById(input.dataset.upload);
      field.value = picture.url;
      field.dispatchEvent(new Event('change', { bubbles: true }));
    } catch {
      said.textContent = 'It could not be uploaded. Try again.';
    }
  });

  // What is chosen may have fields of its own. Where nothing is saved by itself the form has to ask for them.
  document.addEventListener('change', (event) => {
    const list = closest(event, '[data-shape]');
    if (list && !list.form.getAttribute('hx-trigger')) ask(list.form, 'look');
  });

  // A save that waited for one before it says what stands in the form by then, and follows upon the step that that one made: it is no
  // conflict with oneself, and takes nothing back.
  document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
    const { sourceElement: form, request: { body } } = ctx;
    if (form.id !== 'part' || document.querySelector('.clash')) return;
    const pressed = body.get('do');
    [...body.keys()].forEach((name) => body.delete(name));
    new FormData(form).forEach((value, name) => body.append(name, value));
    if (pressed !== null) body.append('do', pressed);
  });

  // Whoever leaves the editor for the next page leaves when what they typed is saved.
  document.addEventListener('click', (event) => {
    const [link, form] = [closest(event, 'a[href]'), document.querySelector('#part.htmx-request')];
    if (!link || !form || link.target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    form.addEventListener('htmx:finally:request', () => document.querySelector('.clash') || location.assign(link.href), { once: true });
  });

  // Sends a form as a button in it would.
  const ask = (form, value) => {
    const button = document.createElement('button');
    Object.assign(button, { type: 'submit', name: 'do', hidden: true, value });
    form.append(button);
    form.requestSubmit(button);
    button.remove();
  };

  // Whoever presses a button right after typing presses it before what they typed is saved; what comes back may move it from under the
  // pointer until that is let go. Where the pointer has stayed, they have pressed the button all the same.
  let down;
  document.addEventListener('pointerdown', ({ target, clientX, clientY }) => {
    down = { on: target.closest?.('button, summary, a[href]'), clientX, clientY };
  }, true);
  document.addEventListener('click', (event) => {
    const { on, clientX, clientY } = down ?? {};
    down = null;
    const stayed = Math.hypot(event.clientX - clientX, event.clientY - clientY) < 5;
    if (event.isTrusted && stayed && on?.isConnected && !on.contains(event.target)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      on.click();
    }
  }, true);

  // A menu closes when something else is pressed, and on Escape.
  document.addEventListener('click', (event) => {
    document.querySelectorAll('details.sites[open]').forEach((menu) => menu.contains(event.target) || (menu.open = false));
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    document.querySelectorAll('details.sites[open]').forEach((menu) => {
      menu.open = false;
      menu.querySelector('summary').focus();
    });
  });

  // Dragging one of several to another place presses its arrows for it: what the server does is one thing, however it is asked for.
  let lifted;
  const own = (event) => {
    const one = closest(event, 'li.one[draggable]');
    return one && lifted && one.parentNode === lifted.parentNode ? one : null;
  };
  const clear = () => document.querySelectorAll('.below').forEach((one) => one.classList.remove('below'));
  document.addEventListener('dragstart', (event) => {
    lifted = closest(event, 'li.one[draggable]');
    if (!lifted) return;
    event.stopPropagation();
    event.dataTransfer.effectAllowed = 'move';
    // Firefox drags nothing that has no data.
    event.dataTransfer.setData('text/plain', '');
    lifted.classList.add('lifted');
  });
  document.addEventListener('dragover', (event) => {
    const over = own(event);
    if (!over) return;
    event.preventDefault();
    clear();
    over.classList.add('below');
  });
  document.addEventListener('dragend', () => {
    lifted?.classList.remove('lifted');
    lifted = null;
    clear();
  });
  document.addEventListener('drop', (event) => {
    const over = own(event);
    if (!over || over === lifted) return;
    event.preventDefault();
    ask(over.closest('form'), `move ${lifted.dataset.place} ${[...over.parentNode.children].indexOf(over)}`);
  });
})();
