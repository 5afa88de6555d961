// Colours for a few lines of C#: comments, text, numbers, keywords, and names of types.
const token = /(\/\/.*)|("[^"]*")|(\b\d[\d.]*f?\b)|\b(using|new|var|for|int|float|double)\b|\b([A-Z]\w*)\b/g;
const kinds = ['comment', 'string', 'number', 'keyword', 'type'];

export function showListing(element, text) {
  if (element.textContent === text)
    return;
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    const part = document.createElement('span');
    part.className = kinds[match.slice(1).findIndex(group => group !== undefined)];
    part.textContent = match[0];
    parts.push(text.slice(end, match.index), part);
    end = match.index + match[0].length;
  }
  element.replaceChildren(...parts, text.slice(end));
}
