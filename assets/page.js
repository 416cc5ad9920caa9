// Comforts on top of pages that work without any script. No framework; only text is ever written
// into the page, never markup, so the Trusted Types policy has nothing to refuse.

const lang = document.documentElement.lang || 'vi';
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const remember = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* private mode: forget */ } },
};

// Dates. Days are counted in UTC from their own year, month and day, so no time zone moves them.

const day = (year, month, date) => {
  const found = new Date(Date.UTC(year, month - 1, date));
  return found.getUTCMonth() === month - 1 && found.getUTCDate() === date && year > 1899 ? found : null;
};

/** `2026-12-07`, `7/12/2026`, `07-12-26` or `7.12.2026`; null for anything else. */
const readDay = (text) => {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text.trim());
  if (iso) return day(+iso[1], +iso[2], +iso[3]);
  const own = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$/.exec(text.trim());
  return own ? day(+own[3] + (own[3].length === 2 ? 2000 : 0), +own[2], +own[1]) : null;
};
const isoDay = (date) => date.toISOString().slice(0, 10);
const ownDay = (date) => isoDay(date).split('-').reverse().join('/');
const longDay = (date) => {
  if (lang !== 'vi') return date.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  return `${date.toLocaleDateString('vi', { weekday: 'long', timeZone: 'UTC' })}, ${ownDay(date)}`;
};

for (const field of all('input[data-date]')) {
  const long = document.getElementById(`${field.id}-long`);
  const group = document.querySelector(`[data-quick="${CSS.escape(field.id)}"]`);
  const quick = group ? all('button[data-days]', group) : [];
  const target = (button) => {
    const base = document.getElementById(group.dataset.from ?? '');
    const from = readDay(base?.value ?? '') ?? readDay(group.dataset.base ?? '');
    return from && new Date(from.getTime() + Number(button.dataset.days) * 86_400_000);
  };
  const show = () => {
    const typed = readDay(field.value);
    if (long) long.textContent = typed ? longDay(typed) : '';
    const latest = readDay(field.max ?? '');
    for (const button of quick) {
      const aim = target(button);
      button.disabled = !aim || Boolean(latest && aim > latest);
      button.setAttribute('aria-pressed', String(Boolean(aim && typed && isoDay(aim) === isoDay(typed))));
    }
  };
  for (const button of quick) {
    button.addEventListener('click', () => {
      const aim = target(button);
      if (!aim) return;
      field.value = field.type === 'date' ? isoDay(aim) : ownDay(aim);
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.dispatchEvent(new Event('change', { bubbles: true }));
    });
  }
  field.addEventListener('input', show);
  if (group) {
    group.hidden = false;
    document.getElementById(group.dataset.from ?? '')?.addEventListener('input', show);
  }
  show();
}

// Forms. A post is sent once; `data-again` is for those that answer with a file and leave the page standing.

const sent = new Set();
const changed = new Set();

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post') return;
  changed.delete(form);
  if ('again' in form.dataset || 'again' in (event.submitter?.dataset ?? {})) return;
  if (sent.has(form)) { event.preventDefault(); return; }
  sent.add(form);
  // Later, because a disabled button's own name and value would not be sent.
  setTimeout(() => { for (const button of form.elements) if (button.type === 'submit' && !button.disabled) { button.disabled = true; button.dataset.sent = ''; } });
});

addEventListener('pageshow', () => {
  sent.clear();
  for (const button of all('[data-sent]')) { button.disabled = false; delete button.dataset.sent; }
});

for (const form of all('form[data-guard]')) form.addEventListener('input', () => changed.add(form));
addEventListener('beforeunload', (event) => { if (changed.size > 0) event.preventDefault(); });

document.querySelector('.error-summary')?.focus();

// The menu of the bottom bar is opened by its address (#menu); Escape and its own link go back.

const backFromMenu = (event) => {
  if (location.hash !== '#menu' || history.length < 2) return;
  event.preventDefault();
  history.back();
};
document.querySelector('.main-nav .shut')?.addEventListener('click', backFromMenu);

// Menus made of <details> close when one clicks elsewhere.

document.addEventListener('click', (event) => {
  for (const menu of all('details.menu[open]')) if (!menu.contains(event.target)) menu.open = false;
});

// Keys of one letter, which can be switched off (WCAG 2.1.4). They never act while somebody writes.

const dialog = document.getElementById('keys');
const opener = document.querySelector('[data-keys]');
const useKeys = document.querySelector('[data-keys-on]');
const keysOn = () => remember.get('keys') !== 'off';

if (dialog && opener && useKeys) {
  opener.hidden = false;
  opener.addEventListener('click', () => dialog.showModal());
  useKeys.checked = keysOn();
  useKeys.addEventListener('change', () => remember.set('keys', useKeys.checked ? 'on' : 'off'));
}

let before = { key: '', at: 0 };
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    const menu = document.querySelector('details.menu[open]');
    if (menu) { menu.open = false; menu.querySelector('summary')?.focus(); } else backFromMenu(event);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (event.target.closest?.('input, select, textarea, [contenteditable], dialog[open]') || !keysOn()) return;
  const chord = before.key === 'g' && event.timeStamp - before.at < 1500;
  before = { key: event.key, at: event.timeStamp };
  if (event.key === '/') {
    const box = all('input[type=search]').find((input) => input.checkVisibility?.() ?? true);
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  } else if (event.key === '?' && dialog) {
    event.preventDefault();
    dialog.showModal();
  } else if (event.key === 'h' && chord) {
    const home = document.querySelector('[data-home]');
    if (home) location.assign(home.href);
  }
});

// Passkeys: the page says what is to be signed; the answer goes into its form. Without them the button stays hidden.

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

const keyMade = async ({ challenge, site, user, name, keys }) => {
  const made = await navigator.credentials.create({ publicKey: {
    challenge: toBytes(challenge),
    rp: { id: site, name },
    user: { id: toBytes(user), name, displayName: name },
    pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
    excludeCredentials: keys.map((id) => ({ type: 'public-key', id: toBytes(id) })),
    authenticatorSelection: { userVerification: 'required', residentKey: 'discouraged' },
    attestation: 'none',
  } });
  const { response } = made;
  return { id: toText(made.rawId), client: toText(response.clientDataJSON), authenticator: toText(response.getAuthenticatorData()), key: toText(response.getPublicKey()) };
};
const keySigned = async ({ challenge, site, keys }) => {
  const signed = await navigator.credentials.get({ publicKey: {
    challenge: toBytes(challenge),
    rpId: site,
    allowCredentials: keys.map((id) => ({ type: 'public-key', id: toBytes(id) })),
    userVerification: 'required',
  } });
  const { response } = signed;
  return { id: toText(signed.rawId), client: toText(response.clientDataJSON), authenticator: toText(response.authenticatorData), signature: toText(response.signature) };
};

for (const place of all('[data-passkey]')) {
  if (!globalThis.PublicKeyCredential) continue;
  const asked = { ...place.dataset, keys: (place.dataset.keys ?? '').split(' ').filter(Boolean) };
  const [button, fault] = [place.querySelector('button'), place.querySelector('[role=alert]')];
  place.hidden = false;
  button.addEventListener('click', async () => {
    fault.hidden = true;
    try {
      const answer = await (asked.passkey === 'create' ? keyMade(asked) : keySigned(asked));
      const form = place.closest('form');
      form.elements.passkey.value = JSON.stringify(answer);
      // The form says all that is needed: the code may stay empty; the password of a proof may not.
      if (form.elements.password && !form.reportValidity()) return;
      form.submit();
    } catch {
      fault.hidden = false;
    }
  });
}
