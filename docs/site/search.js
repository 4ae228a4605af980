// Searches all pages without a server: the words and the library that finds them are loaded when somebody first goes to the field. As plain
// scripts, since from file:// a browser loads neither modules nor JSON.
(() => {
  const { root = '' } = document.body.dataset;
  const form = document.querySelector('form[role=search]');
  const field = form.elements.namedItem('words');
  const list = document.getElementById('found');
  const count = document.getElementById('count');
  const most = 20;
  let index;

  const script = (name) =>
    new Promise((resolve, reject) => {
      const element = document.createElement('script');
      element.src = root + name;
      element.onload = resolve;
      element.onerror = () => reject(new Error(`${name} cannot be loaded`));
      document.head.append(element);
    });

  function loaded() {
    index ??= Promise.all([script('minisearch.js'), script('words.js')]).then(() => {
      const made = new window.MiniSearch({
        fields: ['heading', 'title', 'text'],
        searchOptions: { boost: { heading: 4, title: 3 }, prefix: true, combineWith: 'AND' },
      });
      made.addAll(window.words.map((part, id) => ({ id, ...part })));
      return made;
    });
    return index;
  }

  function item(part, terms) {
    const link = document.createElement('a');
    link.href = `${root}${part.page}${part.anchor && `#${part.anchor}`}`;
    link.textContent = part.heading === part.title ? part.title : `${part.title}: ${part.heading}`;
    const around = document.createElement('span');
    const text = part.text.toLowerCase();
    const at = Math.max(
      0,
      Math.min(...terms.map((term) => text.indexOf(term)).filter((place) => place >= 0)),
    );
    around.textContent = part.text.slice(at === Infinity ? 0 : Math.max(0, at - 40)).slice(0, 140);
    const line = document.createElement('li');
    line.append(link, around);
    return line;
  }

  async function search() {
    const words = field.value.trim();
    const found = words ? await loaded().then((all) => all.search(words)) : [];
    // Another key was pressed while the words came.
    if (field.value.trim() !== words) return;
    list.replaceChildren(...found.slice(0, most).map(({ id, terms }) => item(window.words[id], terms)));
    list.hidden = !found.length;
    count.textContent = words ? `${found.length} found` : '';
  }

  field.addEventListener('focus', loaded, { once: true });
  field.addEventListener('input', search);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    list.querySelector('a')?.click();
  });
  form.addEventListener('keydown', (event) => {
    const links = [field, ...list.querySelectorAll('a')];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') {
      field.value = '';
      search();
      field.focus();
    }
    const next = step && links[links.indexOf(document.activeElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || /^(INPUT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '')) return;
    event.preventDefault();
    field.focus();
  });
  // On a narrow screen the text comes first.
  if (window.matchMedia('(max-width: 60rem)').matches)
    document.querySelector('nav.pages details').open = false;
})();
