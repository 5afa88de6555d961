import fs from 'node:fs'
import path from 'node:path'

// A paragraph that is a link to a C# file with the title "code" shows that code: [Derivative.Invoke](../../src/MiniNet/Activations/Sigmoid.cs "code").
// Read as plain Markdown it is a link to the file; on the site it is the member itself, as it is compiled.
const LINK = /^\[(?:(\w+)\.)?(\w+)\]\((\S+\.cs) "code"\)$/gm

export function codeFromSource(md) {
  md.core.ruler.before('normalize', 'code_from_source', state => {
    state.src = state.src.replace(LINK, (_, type, member, file) => {
      const full = path.resolve(path.dirname(state.env.path), file)
      const name = full.slice(full.lastIndexOf('/src/') + 1)
      return '```csharp\n' + read(full, type, member) + '\n```\n\n<p class="source-file">' + name + '</p>'
    })
  })
}

/** The declaration of a type's member with its body, as far to the left as it goes. */
function read(file, type, member) {
  const lines = fs.readFileSync(file, 'utf8').split('\n')
  const declared = new RegExp(`^\\s+(?:(?:public|private|protected|internal|static|sealed|override|abstract|readonly|virtual)\\s+)+(?:(?!=>).)*\\b${member}(?:<[^>]*>)?\\s*(?:\\(|=>|\\{|=)`)
  const start = type ? lines.findIndex(line => new RegExp(`\\b(class|record|struct|interface) ${type}\\b`).test(line)) : 0
  const from = lines.findIndex((line, i) => i > start && declared.test(line) && !line.trimStart().startsWith('//'))
  if (start < 0 || from < 0) throw new Error(`${file} has no ${type ? type + '.' : ''}${member}`)
  let to = from
  for (let depth = 0, opened = false; to < lines.length; to++) {
    depth += lines[to].split('{').length - lines[to].split('}').length
    opened ||= lines[to].includes('{')
    if (depth === 0 && (lines[to].trimEnd().endsWith(';') || (opened && lines[to].trim() === '}'))) break
  }
  const indent = lines[from].length - lines[from].trimStart().length
  return lines.slice(from, to + 1).map(line => line.slice(indent)).join('\n')
}
