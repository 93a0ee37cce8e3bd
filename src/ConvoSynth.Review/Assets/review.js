// Keys, decisions and the editor. Text from dialogues enters the page as text only, never as markup.
const meta = name => document.querySelector(`meta[name=${name}]`).content;
const at = id => document.getElementById(id);
const row = at('row');
const isField = target => target.matches('input, textarea, select');

const say = text => { at('said').textContent = text; };

async function ask(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: { 'Content-Type': 'application/json', 'X-CSRF': meta('csrf') },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('Content-Type')?.startsWith('application/json');
  return { status: answer.status, ok: answer.ok, result: isJson ? JSON.parse(text) : { error: text } };
}

async function send(path, body, method = 'POST') {
  let answer = await ask(method, path, body);
  if (answer.status === 403) {
    // The server was started anew and knows other tokens.
    const token = await (await fetch('/api/token')).json();
    document.querySelector('meta[name=csrf]').content = token.token;
    answer = await ask(method, path, body);
  }
  if (!answer.ok) throw new Error(answer.result.error);
  return answer.result;
}

// A server that was killed may be back soon. A decision has a key, so it is kept once however often it is sent.
const tries = 60;
async function sendUntilAnswered(path, body) {
  for (let n = 1; ; n++) {
    try {
      return await send(path, body);
    } catch (error) {
      if (!(error instanceof TypeError) || n === tries) throw error;
      say('the server does not answer; trying again');
      await new Promise(resolve => setTimeout(resolve, 500));
    }
  }
}

const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');

at('reviewer').addEventListener('change', async event => {
  try {
    await send('/api/reviewer', { name: event.target.value });
    location.reload();
  } catch (error) { say(error.message); }
});

let busy = false;
async function decide(ruling, turns) {
  if (busy) return;
  busy = true;
  try {
    const tags = at('tags').value.split(',').map(tag => tag.trim()).filter(tag => tag);
    const result = await sendUntilAnswered('/api/decisions', {
      key: newKey(), row: row.dataset.row, ruling, fault: at('fault').value || null, tags, note: at('note').value || null,
      turns: turns ?? null, view: row.dataset.view, blind: row.dataset.blind ?? null,
    });
    // In blind mode the reviewer sees the verdicts of the row before going on; an undone decision is looked at again.
    if (ruling === 'undo' || !result.next) location.reload();
    else location.assign(result.next);
  } catch (error) {
    say(error.message);
    busy = false;
  }
}

function walk(selector, step) {
  const all = [...document.querySelectorAll(selector)];
  if (all.length === 0) return;
  const now = all.findIndex(item => item.classList.contains('here'));
  const next = all[Math.min(all.length - 1, Math.max(0, now < 0 ? (step > 0 ? 0 : all.length - 1) : now + step))];
  all.forEach(item => item.classList.remove('here'));
  next.classList.add('here');
  show(next);
}

function show(item) {
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: 'center' });
}

function nextVerdict() {
  const links = [...document.querySelectorAll('.verdict.fail a, .verdict.unsure a')];
  if (links.length === 0) { say('no verdict points at a message'); return; }
  const now = links.findIndex(link => link.classList.contains('here'));
  links.forEach(link => link.classList.remove('here'));
  const next = links[(now + 1) % links.length];
  next.classList.add('here');
  const message = document.querySelector(next.getAttribute('href'));
  if (message) show(message);
}

function sideBySide() {
  const twin = document.querySelector('a.twin');
  if (twin) location.assign(twin.href);
  else say('the run has no other row of this family');
}

function follow(rel) {
  const link = document.querySelector(`a[rel=${rel}]`);
  if (link) location.assign(link.href);
  // A queue has no order to go back in.
  else if (rel === 'prev' && row?.dataset.view.includes('queue=')) history.back();
  else say(rel === 'next' ? 'this is the last row of the view' : 'this is the first row of the view');
}

const keys = {
  '?': () => at('keys').showModal(),
  q: () => location.assign('/queue/all'),
  '/': () => { if (at('search')) at('search').focus(); else location.assign('/rows'); },
  j: () => follow('next'),
  k: () => follow('prev'),
};
if (row) {
  Object.assign(keys, {
    a: () => decide('accept'), x: () => decide('reject'), d: () => decide('defer'), u: () => decide('undo'),
    n: () => at('note').focus(), t: () => at('tags').focus(), e: openEditor, v: nextVerdict, w: sideBySide,
    '[': () => walk('.message', -1), ']': () => walk('.message', 1),
  });
  ['agent', 'human', 'blueprint', 'environment', 'endpoint'].forEach((fault, place) => {
    keys[String(place + 1)] = () => { at('fault').value = fault; say(`fault: ${fault}`); };
  });
  document.querySelectorAll('[data-rule]').forEach(button => button.addEventListener('click', () => decide(button.dataset.rule)));
  at('edit-open').addEventListener('click', openEditor);
  at('edit-close').addEventListener('click', () => at('editor').close());
  at('play').addEventListener('click', play);
  at('save').addEventListener('click', () => decide('revise', read()));
  send('/api/claims', { row: row.dataset.row })
    .then(answer => { if (answer.other) at('claimed').textContent = `${answer.other} has this row open.`; })
    .catch(error => say(error.message));
  // The next row is in the browser's cache when the reviewer gets there.
  if (row.dataset.next) {
    const link = document.createElement('link');
    link.rel = 'prefetch';
    link.href = row.dataset.next;
    document.head.append(link);
  }
}
// A long observation is fetched when it is opened.
document.querySelectorAll('details[data-whole]').forEach(details => details.addEventListener('toggle', async () => {
  try {
    const answer = await fetch(details.dataset.whole);
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    details.querySelector('pre').textContent = text;
  } catch (error) { say(error.message); }
}, { once: true }));
document.querySelectorAll('[data-kind-rule]').forEach(button => button.addEventListener('click', async () => {
  const { check, shape } = button.closest('tr').dataset;
  try {
    await send('/api/kinds', { kind: { check, shape }, ruling: button.dataset.kindRule });
    location.reload();
  } catch (error) { say(error.message); }
}));
const empty = new URLSearchParams(location.search).get('empty');
if (empty) say(empty === 'all' ? 'no row waits for you in any queue' : `no row of ${empty} waits for you`);
at('queues-keep')?.addEventListener('click', async () => {
  try {
    await send('/api/queues', [...document.querySelectorAll('#queues tbody tr')].map(line => ({
      name: line.dataset.name, view: line.dataset.view, priority: line.querySelector('.priority').valueAsNumber,
      share: line.querySelector('.share').valueAsNumber, reviews: line.querySelector('.reviews').valueAsNumber,
    })), 'PUT');
    say('kept');
  } catch (error) { say(error.message); }
});

// A search of a large run goes on with each page that shows it.
if (at('searching')) setTimeout(() => location.reload(), 300);

// A run in progress: the server says when rows were added, and when the run has ended.
const progressLine = at('follow');
if (progressLine) {
  const events = new EventSource('/api/events');
  events.onmessage = event => {
    const { rows, planned, ended } = JSON.parse(event.data);
    const added = rows - Number(progressLine.dataset.seen);
    progressLine.textContent = `${ended ? 'The run has ended' : 'The run is in progress'}: ${rows} of ${planned} dialogues${added > 0 ? `, ${added} since this page was loaded` : ''}.`;
    if (ended) events.close();
  };
}
at('keys-open').addEventListener('click', () => at('keys').showModal());

document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && isField(event.target)) { event.target.blur(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target) || document.querySelector('dialog[open]')) return;
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

// The editor: one item a turn; observations come from the environment when it is played.
async function openEditor() {
  try {
    const answer = await fetch(`/api/turns/${row.dataset.row.split('/').map(encodeURIComponent).join('/')}`);
    const result = await answer.json();
    if (!answer.ok) throw new Error(result.error);
    at('turns').replaceChildren(...result.map(item));
    at('played').replaceChildren();
    at('save').disabled = true;
    at('editor').showModal();
  } catch (error) { say(error.message); }
}

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function field(title, tag, className, value) {
  const input = element(tag, { className, value: value ?? '' });
  input.addEventListener('input', () => { at('save').disabled = true; });
  return element('label', {}, title, ' ', input);
}

function call(values) {
  const made = element('div', { className: 'edited-call' },
    field('Tool', 'input', 'name', values.name), field('Arguments', 'textarea', 'arguments', values.arguments));
  made.dataset.call = values.id ?? '';
  made.append(button('Remove the call', () => made.remove()));
  return made;
}

function button(title, action) {
  return element('button', { type: 'button', textContent: title, onclick: () => { at('save').disabled = true; action(); } });
}

function item(turn) {
  const made = element('li', { className: `edited-turn ${turn.role}` });
  made.dataset.role = turn.role;
  const calls = element('div', { className: 'edited-calls' }, ...turn.calls.map(call));
  made.append(field(turn.role, 'textarea', 'text', turn.text), calls);
  if (turn.role === 'assistant') made.append(button('Add a call', () => calls.append(call({ name: '', arguments: '{}' }))));
  made.append(
    button('Insert an answer before', () => made.before(item({ role: 'assistant', text: '', calls: [] }))),
    button("Insert the human's words before", () => made.before(item({ role: 'user', text: '', calls: [] }))),
    button('Remove', () => made.remove()));
  return made;
}

function read() {
  return [...at('turns').children].map(turn => ({
    role: turn.dataset.role,
    text: turn.querySelector('.text').value || null,
    calls: [...turn.querySelectorAll('.edited-call')].map(made => ({
      id: made.dataset.call || null, name: made.querySelector('.name').value, arguments: made.querySelector('.arguments').value,
    })),
  }));
}

async function play() {
  try {
    const result = await send('/api/play', { row: row.dataset.row, turns: read() });
    const lines = result.changed.map(verdict => element('tr', {},
      element('th', { scope: 'row', textContent: verdict.name }), element('td', { textContent: verdict.before ?? '–', className: verdict.before ?? '' }),
      element('td', { textContent: verdict.after ?? '–', className: verdict.after ?? '' }), element('td', { textContent: verdict.evidence ?? '' })));
    const table = element('table', {}, element('thead', {}, element('tr', {}, ...['Check', 'Before', 'After', 'Evidence']
      .map(title => element('th', { scope: 'col', textContent: title })))), element('tbody', {}, ...lines));
    at('played').replaceChildren(
      element('p', { className: result.status, textContent: `${result.status}; ${result.changed.length} verdicts differ; ${result.milliseconds} ms` }), table);
    at('save').disabled = result.status === 'rejected';
  } catch (error) {
    at('played').replaceChildren(element('p', { className: 'rejected', textContent: error.message }));
    at('save').disabled = true;
  }
}
